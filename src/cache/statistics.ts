/**
 * Hits, misses and bytes saved: a line of some ten bytes for each, appended, so that several workers can write
 * without waiting for each other. Two hundred datasets a night make a megabyte in a year.
 */
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Statistics {
  readonly hits: number;
  readonly misses: number;
  /** Bytes that hits did not transfer again. */
  readonly savedBytes: number;
}

export async function recordUse(
  cacheDirectory: string,
  outcome: 'hit' | 'miss',
  savedBytes: number,
): Promise<void> {
  await mkdir(cacheDirectory, { recursive: true });
  await appendFile(fileIn(cacheDirectory), `${outcome} ${savedBytes}\n`);
}

export async function readStatistics(cacheDirectory: string): Promise<Statistics> {
  const text = await readFile(fileIn(cacheDirectory), 'utf8').catch(() => '');
  let [hits, misses, savedBytes] = [0, 0, 0];
  for (const [, outcome, bytes] of text.matchAll(/^(hit|miss) (\d+)$/gm)) {
    if (outcome === 'hit') hits += 1;
    else misses += 1;
    savedBytes += Number(bytes);
  }
  return { hits, misses, savedBytes };
}

function fileIn(cacheDirectory: string): string {
  return join(cacheDirectory, 'uses.log');
}
