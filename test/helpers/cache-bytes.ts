/** What a failed download leaves in the cache: a partial to go on from, or nothing. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';

export type Left = 'nothing' | 'a partial';

/** Paths below the cache of all that holds downloaded bytes, finished or not. */
export async function bytesIn(directory: string): Promise<string[]> {
  const names = await readdir(directory, { recursive: true });
  const files = names.filter((name) => /\.partial$|\/files\/|\/inflated\/\w+\/\d+$/.test(name));
  return files.map((name) => join(directory, name));
}

/** Gives the bytes of the partial. */
export async function expectLeft(directory: string, left: Left): Promise<number> {
  const files = await bytesIn(directory);
  expect(files.map((file) => file.slice(file.lastIndexOf('.')))).toEqual(
    left === 'nothing' ? [] : ['.partial'],
  );
  return files[0] === undefined ? 0 : (await stat(files[0])).size;
}
