/** Room on the disk, given out before the first byte, so that downloads side by side do not count on the same. */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ImportError } from '../errors/index.js';
import { promises } from '../room/promises.js';
import { onDisk } from './failures.js';
import { entryPaths, reservationsDirectory } from './layout.js';
import { isHeld } from './lock.js';

/** Of less, many together fit into what is left for everybody. */
const WORTH_RESERVING_BYTES = 4 * 1024 ** 2;

/** Between what a reservation's name says, which is all of it: so it appears whole. */
const SEPARATOR = '~';

export interface DiskRoom {
  /**
   * For one transfer; the answer gives it back.
   * @throws DISK_FULL when there is not enough, also after entries that nobody needs have left the cache
   */
  readonly reserve: (partial: string, totalBytes: number) => Promise<() => Promise<void>>;
  /** Bytes that nobody has asked for. */
  readonly left: () => Promise<number>;
}

export interface DiskRoomOptions {
  /** Of the cache. */
  readonly directory: string;
  readonly key: string;
  /** For logs and everybody else on the disk. */
  readonly keepFreeBytes: number;
  /** Removes what can be spared, about so many bytes. */
  readonly evict: (bytes: number) => Promise<void>;
}

export function diskRoom({ directory, key, keepFreeBytes, evict }: DiskRoomOptions): DiskRoom {
  const folder = reservationsDirectory(directory);

  async function left(): Promise<number> {
    const { bavail, bsize } = await statfs(directory);
    const { dev } = await stat(directory);
    const steps = (await promises(directory)).filter(({ device }) => device === dev);
    const promised = steps.reduce((sum, one) => sum + one.diskBytes, 0);
    return bavail * bsize - (await reservedBytes(directory)) - promised - keepFreeBytes;
  }

  return {
    left,
    async reserve(partial, totalBytes) {
      const name = [key, basename(partial), totalBytes, randomUUID()].join(SEPARATOR);
      const own = join(folder, name);
      const giveBack = (): Promise<void> => rm(own, { force: true });
      const isSmall = totalBytes < WORTH_RESERVING_BYTES;
      if (!isSmall) {
        await onDisk(folder, async () => {
          await mkdir(folder, { recursive: true });
          // Written before it is counted: of two at the same time, at least one sees both.
          await writeFile(own, '');
        });
      }
      const missing = async (): Promise<number> =>
        (isSmall ? totalBytes - (await sizeOf(partial)) : 0) - (await left());
      const lacking = await missing();
      if (lacking > 0) await evict(lacking);
      const stillLacking = lacking > 0 ? await missing() : 0;
      if (stillLacking <= 0) return giveBack;
      await giveBack();
      throw new ImportError('DISK_FULL', {
        place: directory,
        expected: `${totalBytes} bytes free, beside what others have reserved`,
        found: `${Math.max(0, totalBytes - stillLacking)} bytes`,
      });
    },
  };
}

/** By downloads, and not on the disk yet. */
export async function reservedBytes(directory: string): Promise<number> {
  const folder = reservationsDirectory(directory);
  let bytes = 0;
  for (const name of await readdir(folder).catch(() => [])) {
    const [key = '', partial = '', totalBytes = ''] = name.split(SEPARATOR);
    // Of a process that was killed.
    if (!(await isHeld(directory, key))) await rm(join(folder, name), { force: true });
    else {
      const here = await sizeOf(join(entryPaths(directory, key).partial, partial));
      bytes += Math.max(0, Number(totalBytes) - here);
    }
  }
  return bytes;
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}
