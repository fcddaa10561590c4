/** The user that runs PostgreSQL when this command runs as root: the server refuses to be root. */
import { execFileSync, spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { ImportError } from '../errors/index.js';

export interface SystemUser {
  readonly uid: number;
  readonly gid: number;
}

/** For data and binaries of clones that lie where only root may enter, such as /root. */
export const ROOT_STATE_DIRECTORY = '/var/lib/kaggle-import';

const NAME = 'postgres';

/** Undefined when this command is not root: then everything runs as the user who calls. */
export async function postgresUser(): Promise<SystemUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const existing = lookUp(NAME);
  if (existing) return existing;
  createUser();
  // Another start may be in the middle of creating it, holding the lock on /etc/passwd.
  for (let attempt = 0; attempt < 20; attempt++) {
    const created = lookUp(NAME);
    if (created) return created;
    await sleep(250);
  }
  throw new ImportError('STACK_SERVICE_FAILED', {
    place: 'postgres',
    expected: `a system user "${NAME}" to run PostgreSQL, which refuses to run as root`,
    found: 'no such user, and none could be created',
    nextStep: `Create it (\`useradd --system ${NAME}\`), run as another user, or set DATABASE_URL.`,
  });
}

function lookUp(name: string): SystemUser | undefined {
  try {
    const id = (flag: string): number =>
      Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: 'pipe' }));
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    return undefined;
  }
}

/** Debian and Red Hat have useradd, Alpine has adduser. */
function createUser(): void {
  const quiet = { stdio: 'ignore' } as const;
  const args = ['--system', '--user-group', '--no-create-home', '--shell', '/bin/false', NAME];
  if (spawnSync('useradd', args, quiet).status === 0) return;
  spawnSync('adduser', ['-S', '-D', '-H', NAME], quiet);
}

/** True when `user` may enter `folder`; asked of the system, which also knows access lists. */
export function canReach(user: SystemUser, folder: string): boolean {
  const { status } = spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], {
    ...user,
    cwd: '/',
    stdio: 'ignore',
  });
  return status === 0;
}
