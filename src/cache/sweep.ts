/** Makes room: expired entries, interrupted ones, and the least recently used above the size limit. */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { entriesDirectory, entryPaths, locksDirectory } from './layout.js';
import { isLocked, withLock } from './lock.js';
import { readMarker } from './marker.js';

const DAY_MS = 86_400_000;
/** An import that was given an entry reads it within this time, and touches it when it does. */
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

export interface EntryFacts {
  readonly key: string;
  readonly bytes: number;
  readonly complete: boolean;
  /** Complete: last use. Interrupted: last change. */
  readonly usedMs: number;
}

/** Every folder of the cache. */
export async function listEntries(directory: string): Promise<EntryFacts[]> {
  const facts: EntryFacts[] = [];
  for (const key of await readdir(entriesDirectory(directory)).catch(() => [])) {
    facts.push(await factsOf(directory, key));
  }
  return facts;
}

async function factsOf(directory: string, key: string): Promise<EntryFacts> {
  const paths = entryPaths(directory, key);
  const [complete, files] = [await readMarker(paths), await filesBelow(paths.directory)];
  const used = complete && files.find(({ path }) => path === paths.lastUsed);
  return {
    key,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    complete: complete !== undefined,
    usedMs: used?.changedMs ?? files.reduce((newest, one) => Math.max(newest, one.changedMs), 0),
  };
}

export async function sweep(
  directory: string,
  { durationDays, maxBytes, signal }: SweepRules,
): Promise<SweepResult> {
  // Of a worker that died while it removed an entry.
  await rm(trashDirectory(directory), { recursive: true, force: true });
  const now = Date.now();
  const entries = (await listEntries(directory)).sort((a, b) => a.usedMs - b.usedMs);
  let keptBytes = entries.reduce((sum, { bytes }) => sum + bytes, 0);
  let [removedEntries, freedBytes] = [0, 0];
  for (const { key, bytes, complete, usedMs } of entries) {
    signal.throwIfAborted();
    const ageMs = now - usedMs;
    const lifeMs = complete ? Math.max(durationDays * DAY_MS, IN_USE_MS) : ABANDONED_MS;
    const tooMuch = keptBytes > maxBytes && ageMs > IN_USE_MS;
    if (ageMs <= lifeMs && !tooMuch) {
      if (complete && ageMs > IN_USE_MS) await removeInflated(directory, key);
      continue;
    }
    if (!(await removeEntry(directory, key, { usedMs, signal }))) continue;
    keptBytes -= bytes;
    freedBytes += bytes;
    removedEntries += 1;
  }
  return { removedEntries, freedBytes };
}

/** Of an import that died before it took what was unpacked for it. */
async function removeInflated(directory: string, key: string): Promise<void> {
  await rm(entryPaths(directory, key).inflated, { recursive: true, force: true });
}

/**
 * False when a worker holds the entry, or has used it since `usedMs`: one that was first at the lock may have
 * found it, or filled it. The entry leaves its place at once, and the disk after that.
 */
export async function removeEntry(
  directory: string,
  key: string,
  { usedMs, signal }: { usedMs: number; signal: AbortSignal },
): Promise<boolean> {
  const lock = join(locksDirectory(directory), key);
  if (await isLocked(lock)) return false;
  const trash = join(trashDirectory(directory), randomUUID());
  await mkdir(trashDirectory(directory), { recursive: true });
  const removed = await withLock(lock, signal, async () => {
    if ((await factsOf(directory, key)).usedMs > usedMs) return false;
    return rename(entryPaths(directory, key).directory, trash).then(
      () => true,
      () => false,
    );
  });
  await rm(trash, { recursive: true, force: true });
  // Fails when another worker has just laid its claim, which is right.
  await rmdir(lock).catch(() => undefined);
  return removed;
}

function trashDirectory(directory: string): string {
  return join(directory, 'removed');
}

interface FileFacts {
  readonly path: string;
  readonly bytes: number;
  readonly changedMs: number;
}

async function filesBelow(directory: string): Promise<FileFacts[]> {
  const found: FileFacts[] = [];
  for (const name of await readdir(directory, { recursive: true }).catch(() => [])) {
    const path = join(directory, name);
    // Another worker may remove it in this moment.
    const facts = await stat(path).catch(() => undefined);
    if (facts?.isFile()) found.push({ path, bytes: facts.size, changedMs: facts.mtimeMs });
  }
  return found;
}
