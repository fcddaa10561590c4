/** The PostgreSQL data folder: its place, its first creation, and what a crash left in it. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { ImportError } from '../errors/index.js';
import { runInitdb } from './postgres-initdb.js';
import type { Cluster } from './postgres-initdb.js';
import { ROOT_STATE_DIRECTORY, canReach } from './postgres-user.js';
import type { SystemUser } from './postgres-user.js';

/** Absolute path of the data folder, made and filled by initdb on first use. */
export async function ensureCluster(cluster: Cluster): Promise<string> {
  const link = join(cluster.directory, 'postgres');
  if (fs.existsSync(link)) {
    await requireSameMajor(cluster.binaries, link);
    return fs.realpathSync(link);
  }
  const place = placeForCluster(cluster);
  // initdb works beside the final name: a folder under that name is always complete.
  const unfinished = `${place}.initdb`;
  // What initdb had started may still write there for a moment when this command was killed.
  fs.rmSync(unfinished, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  fs.mkdirSync(unfinished, { recursive: true, mode: 0o700 });
  if (cluster.user) fs.chownSync(unfinished, cluster.user.uid, cluster.user.gid);
  await runInitdb(cluster, unfinished);
  fs.renameSync(unfinished, place);
  if (place !== link) {
    // A dangling link is left when someone has deleted the data: the new folder replaces it.
    fs.rmSync(link, { force: true });
    fs.symlinkSync(place, link);
  }
  return place;
}

/** A server refuses data of another major version, and no start would ever mend that. Throws STACK_UNUSABLE. */
async function requireSameMajor(binaries: string, data: string): Promise<void> {
  const found = fs.readFileSync(join(data, 'PG_VERSION'), 'utf8').trim();
  const { stdout } = await promisify(execFile)(join(binaries, 'bin', 'postgres'), ['--version']);
  const expected = /(\d+)\./.exec(stdout)?.[1];
  if (found === expected) return;
  throw new ImportError('STACK_UNUSABLE', {
    place: data,
    expected: `data of PostgreSQL ${expected}`,
    found: `data of PostgreSQL ${found}, from another version of kaggle-import`,
    nextStep:
      'Dump it with that version (pg_dump) if the catalog is worth keeping, then delete .stack and run `make up`.',
  });
}

/**
 * Normally `.stack/postgres`. When the server's user cannot enter there (a clone below /root),
 * a folder of its own under /var/lib with a link from `.stack/postgres`: opening the rights of
 * folders that we did not make would expose what lies in them.
 */
function placeForCluster({ directory, user }: Cluster): string {
  if (user === undefined || canReach(user, directory)) return join(directory, 'postgres');
  if (canReach(user, dirname(directory))) {
    fs.chmodSync(directory, 0o711);
    return join(directory, 'postgres');
  }
  fs.mkdirSync(ROOT_STATE_DIRECTORY, { recursive: true, mode: 0o755 });
  return join(ROOT_STATE_DIRECTORY, `postgres-data-${randomBytes(6).toString('hex')}`);
}

/** The server's user for a data folder that exists: whoever owns it, for PostgreSQL insists. */
export function ownerOf(data: string): SystemUser {
  const { uid, gid } = fs.statSync(data);
  return { uid, gid };
}
