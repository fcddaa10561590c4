/** The stable name of this host: of its cache directory, so that it survives restarts and new containers. */
import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onDisk } from './failures.js';

/** Several processes may ask first at the same time: all get the same answer. */
export async function readHostId(cacheDirectory: string): Promise<string> {
  const file = join(cacheDirectory, 'host-id');
  const known = await readFile(file, 'utf8').catch(() => undefined);
  if (known) return known;
  return onDisk(cacheDirectory, async () => {
    await mkdir(cacheDirectory, { recursive: true });
    const id = randomBytes(6).toString('hex');
    const own = `${file}.${id}`;
    // On the disk before it has its name: after a power cut, an empty one would be everybody's.
    await writeFile(own, id, { flush: true });
    if (known === '') await rm(file, { force: true });
    // A link appears with its content, and only where there is none yet.
    await link(own, file).catch(() => undefined);
    await rm(own);
    return readFile(file, 'utf8');
  });
}
