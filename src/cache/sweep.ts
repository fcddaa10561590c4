/** Makes room: expired entries, interrupted ones, and the least recently used above the size limit. */
import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { factsOf, listEntries, type EntryFacts } from './entry-facts.js';
import { entryPaths, trashDirectory } from './layout.js';
import { leasedKeys } from './leases.js';
import { isHeld, withEntry } from './lock.js';
import { noteSweep } from './sweep-due.js';

const DAY_MS = 86_400_000;
/** Who used an entry without a lease, as a command does, has read it within this time. */
const IN_USE_MS = 15 * 60_000;
/** After so long without a new byte nobody comes back for an interrupted download. */
const ABANDONED_MS = DAY_MS;

export interface SweepRules {
  readonly durationDays: number;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

export interface SweepResult {
  readonly removedEntries: number;
  readonly freedBytes: number;
}

/** Leaves what a run has a lease for, whatever its age. */
export async function sweep(
  directory: string,
  { durationDays, maxBytes, signal }: SweepRules,
): Promise<SweepResult> {
  // Of a worker that died while it removed an entry.
  await rm(trashDirectory(directory), { recursive: true, force: true });
  const now = Date.now();
  const entries = await leastRecentlyUsed(directory);
  const leased = await leasedKeys(directory);
  const allBytes = entries.reduce((sum, { bytes }) => sum + bytes, 0);
  let [removedEntries, freedBytes] = [0, 0];
  for (const { key, bytes, complete, usedMs } of entries) {
    signal.throwIfAborted();
    if (leased.has(key)) continue;
    const ageMs = now - usedMs;
    const lifeMs = complete ? Math.max(durationDays * DAY_MS, IN_USE_MS) : ABANDONED_MS;
    const tooMuch = allBytes - freedBytes > maxBytes && ageMs > IN_USE_MS;
    if (ageMs <= lifeMs && !tooMuch) {
      if (complete && ageMs > IN_USE_MS) await removeInflated(directory, key);
      continue;
    }
    if (!(await removeEntry(directory, key, { usedMs, signal }))) continue;
    freedBytes += bytes;
    removedEntries += 1;
  }
  await noteSweep(directory, allBytes - freedBytes);
  return { removedEntries, freedBytes };
}

/** For a download that lacks room: removes complete entries that nobody needs, until about so many bytes are free. */
export async function evict(directory: string, bytes: number, signal: AbortSignal): Promise<void> {
  let freedBytes = 0;
  for (const entry of await leastRecentlyUsed(directory)) {
    if (freedBytes >= bytes) return;
    const { key, complete, usedMs } = entry;
    if (!complete || Date.now() - usedMs <= IN_USE_MS) continue;
    if (await removeEntry(directory, key, { usedMs, signal })) freedBytes += entry.bytes;
  }
}

async function leastRecentlyUsed(directory: string): Promise<EntryFacts[]> {
  return (await listEntries(directory)).sort((a, b) => a.usedMs - b.usedMs);
}

/** Of an import that died before it took what was unpacked for it. */
async function removeInflated(directory: string, key: string): Promise<void> {
  await rm(entryPaths(directory, key).inflated, { recursive: true, force: true });
}

/**
 * False when a worker holds the entry, a run needs it, or one has used it since `usedMs`: one that was first at
 * the lock may have found it, or filled it. The entry leaves its place at once, and the disk after that.
 */
export async function removeEntry(
  directory: string,
  key: string,
  { usedMs, signal }: { usedMs: number; signal: AbortSignal },
): Promise<boolean> {
  if (await isHeld(directory, key)) return false;
  const trash = join(trashDirectory(directory), randomUUID());
  await mkdir(trashDirectory(directory), { recursive: true });
  const removed = await withEntry(directory, key, signal, async () => {
    if ((await leasedKeys(directory)).has(key)) return false;
    if ((await factsOf(directory, key)).usedMs > usedMs) return false;
    return rename(entryPaths(directory, key).directory, trash).then(
      () => true,
      () => false,
    );
  });
  await rm(trash, { recursive: true, force: true });
  return removed;
}
