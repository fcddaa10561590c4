/** What steps on this host have been promised of its disks and its memory: a folder a promise, for all its workers. */
import { randomUUID } from 'node:crypto';
import { readdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isLocked, withLock } from '../locks/lock.js';

export interface Promised {
  /** As `stat` names the disk. */
  readonly device: number;
  readonly diskBytes: number;
  readonly memoryBytes: number;
}

export interface Laid {
  readonly name: string;
  readonly takeBack: () => Promise<void>;
}

/** Between what a folder's name says, which is all of the promise: so it appears whole. */
const SEPARATOR = '~';

function folderOf(cacheDirectory: string): string {
  return join(cacheDirectory, 'promises');
}

/** Counted by everybody until it is taken back, or its process has ended. */
export async function lay(cacheDirectory: string, promised: Promised): Promise<Laid> {
  const { device, diskBytes, memoryBytes } = promised;
  const name = [device, diskBytes, memoryBytes, randomUUID()].join(SEPARATOR);
  const { signal } = new AbortController();
  let giveBack = (): void => undefined;
  const isOver = new Promise<void>((resolve) => (giveBack = resolve));
  return new Promise((resolve, reject) => {
    const held = withLock(join(folderOf(cacheDirectory), name), { signal }, async () => {
      resolve({
        name,
        takeBack: async () => {
          giveBack();
          await held;
        },
      });
      await isOver;
    });
    held.catch(reject);
  });
}

/** Those of processes that live; but for `own`. */
export async function promises(cacheDirectory: string, own?: string): Promise<Promised[]> {
  const found: Promised[] = [];
  const folder = folderOf(cacheDirectory);
  for (const name of await readdir(folder).catch(() => [])) {
    if (name === own) continue;
    const one = join(folder, name);
    if (await isLocked(one)) {
      const [device = 0, diskBytes = 0, memoryBytes = 0] = name.split(SEPARATOR).map(Number);
      found.push({ device, diskBytes, memoryBytes });
    } else {
      // Of a process that was killed; one that is about to lay its claim makes its folder again.
      await rmdir(one).catch(() => undefined);
    }
  }
  return found;
}
