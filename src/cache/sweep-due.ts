/** When the cache is to be swept: looking through all of it at every import would cost more with every entry. */
import { appendFile, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const AT_LEAST_EVERY_MS = 3_600_000;
/** What is over its limit and cannot be removed is not looked at again before this. */
const AT_MOST_EVERY_MS = 60_000;

/** Once an hour, and as soon as what has come since the last time may be more than the cache may hold. */
export async function isSweepDue(directory: string, maxBytes: number): Promise<boolean> {
  const last = await stat(sweptFile(directory)).catch(() => undefined);
  if (!last) return true;
  const ageMs = Date.now() - last.mtimeMs;
  if (ageMs < AT_MOST_EVERY_MS) return false;
  if (ageMs >= AT_LEAST_EVERY_MS) return true;
  const keptBytes = Number(await readFile(sweptFile(directory), 'utf8').catch(() => '0'));
  return keptBytes + (await grownBytes(directory)) > maxBytes;
}

/** A line an entry. */
export async function noteGrowth(directory: string, bytes: number): Promise<void> {
  await appendFile(growthFile(directory), `${bytes}\n`);
}

export async function noteSweep(directory: string, keptBytes: number): Promise<void> {
  const file = sweptFile(directory);
  // An empty cache has no folder yet.
  await writeFile(`${file}.tmp`, String(keptBytes)).then(
    () => rename(`${file}.tmp`, file),
    () => undefined,
  );
  await rm(growthFile(directory), { force: true });
}

async function grownBytes(directory: string): Promise<number> {
  const lines = await readFile(growthFile(directory), 'utf8').catch(() => '');
  return lines.split('\n').reduce((sum, line) => sum + (Number(line) || 0), 0);
}

function sweptFile(directory: string): string {
  return join(directory, 'swept');
}

function growthFile(directory: string): string {
  return join(directory, 'grown.log');
}
