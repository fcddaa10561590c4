/** Hits, misses and bytes saved since the cache began: three numbers, however long it is used. */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onDisk } from './failures.js';
import { locksDirectory } from './layout.js';
import { withLock } from './lock.js';

export interface Statistics {
  readonly hits: number;
  readonly misses: number;
  /** Bytes that hits did not transfer again. */
  readonly savedBytes: number;
}

/** Counts one use; workers that share the cache count one after the other. */
export async function recordUse(
  cacheDirectory: string,
  { outcome, savedBytes }: { outcome: 'hit' | 'miss'; savedBytes: number },
  signal: AbortSignal,
): Promise<void> {
  await withLock(join(locksDirectory(cacheDirectory), 'uses'), signal, async () => {
    const before = await readStatistics(cacheDirectory);
    const after: Statistics = {
      hits: before.hits + (outcome === 'hit' ? 1 : 0),
      misses: before.misses + (outcome === 'miss' ? 1 : 0),
      savedBytes: before.savedBytes + savedBytes,
    };
    const file = fileIn(cacheDirectory);
    await onDisk(file, async () => {
      await mkdir(cacheDirectory, { recursive: true });
      await writeFile(`${file}.tmp`, JSON.stringify(after));
      await rename(`${file}.tmp`, file);
    });
  });
}

/** Zeros where nothing was counted yet, or where the file is damaged: no import may fail for that. */
export async function readStatistics(cacheDirectory: string): Promise<Statistics> {
  const text = await readFile(fileIn(cacheDirectory), 'utf8').catch(() => '');
  try {
    return JSON.parse(text) as Statistics;
  } catch {
    return { hits: 0, misses: 0, savedBytes: 0 };
  }
}

function fileIn(cacheDirectory: string): string {
  return join(cacheDirectory, 'uses.json');
}
