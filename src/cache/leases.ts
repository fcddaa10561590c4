/** Which runs need which entries: no sweep takes one from a running import, however long that queues for its turn. */
import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { leasesDirectory } from './layout.js';

/** Another namespace's workers on this disk renew theirs every hour; nobody has done so for this long. */
const FORGOTTEN_AFTER_MS = 7 * 86_400_000;

/** Of these runs, those that are known, and whether each has ended. */
export type FindRuns = (
  runIds: readonly string[],
) => Promise<ReadonlyMap<string, 'running' | 'ended'>>;

/** Held until `release`, or until the run is found to have ended. */
export async function lease(directory: string, key: string, runId: string): Promise<void> {
  const folder = join(leasesDirectory(directory), runId);
  await mkdir(folder, { recursive: true });
  // What it says of earlier attempts stays.
  await writeFile(join(folder, key), '', { flag: 'a' });
}

/** Bytes that have crossed the network for an entry, as the run's lease of it says. */
export async function noteTraffic(
  directory: string,
  key: string,
  runId: string,
  bytes: number,
): Promise<void> {
  await writeFile(join(leasesDirectory(directory), runId, key), String(bytes));
}

/** 0 as long as nothing is noted. */
export async function notedTraffic(directory: string, key: string, runId: string): Promise<number> {
  const file = join(leasesDirectory(directory), runId, key);
  return Number(await readFile(file, 'utf8').catch(() => ''));
}

/** Of all entries that the run has asked for: also of versions that the source has left since. */
export async function trafficOf(directory: string, runId: string): Promise<number> {
  const keys = await namesIn(join(leasesDirectory(directory), runId));
  const noted = await Promise.all(keys.map((key) => notedTraffic(directory, key, runId)));
  return noted.reduce((sum, bytes) => sum + bytes, 0);
}

export async function release(directory: string, runId: string): Promise<void> {
  await rm(join(leasesDirectory(directory), runId), { recursive: true, force: true });
}

/** Keys that some run needs. */
export async function leasedKeys(directory: string): Promise<ReadonlySet<string>> {
  const keys = new Set<string>();
  for (const runId of await namesIn(leasesDirectory(directory))) {
    for (const key of await namesIn(join(leasesDirectory(directory), runId))) keys.add(key);
  }
  return keys;
}

/** Of runs that ended without a word: terminated ones, and those whose host was away at their end. */
export async function releaseEnded(directory: string, findRuns: FindRuns): Promise<void> {
  const runIds = await namesIn(leasesDirectory(directory));
  if (runIds.length === 0) return;
  const runs = await findRuns(runIds);
  const now = new Date();
  for (const runId of runIds) {
    const folder = join(leasesDirectory(directory), runId);
    const state = runs.get(runId);
    if (state === 'running') await utimes(folder, now, now).catch(() => undefined);
    else if (state === 'ended' || (await ageMs(folder)) > FORGOTTEN_AFTER_MS) {
      await release(directory, runId);
    }
  }
}

async function ageMs(path: string): Promise<number> {
  const facts = await stat(path).catch(() => undefined);
  return facts ? Date.now() - facts.mtimeMs : 0;
}

async function namesIn(directory: string): Promise<string[]> {
  return readdir(directory).catch(() => []);
}
