/** Which runs need which entries: no sweep takes one from a running import, however long that queues for its turn. */
import { mkdir, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
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
  await writeFile(join(folder, key), '');
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
