/** The cache of downloads on this host: every version's bytes once, complete and checked, or not at all. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ImportError } from '../errors/index.js';
import type { PinnedSource } from '../source/types.js';
import type { Cache, CacheOptions } from './cache.js';
import { diskRoom } from './disk-room.js';
import { readDocumentation } from './documentation.js';
import { listEntries } from './entry-facts.js';
import { onDisk } from './failures.js';
import { readHostId } from './host-id.js';
import { filesOf } from './files-of.js';
import { entriesDirectory, entryKey, entryPaths, keyPrefix } from './layout.js';
import { lease, release, releaseEnded, trafficOf } from './leases.js';
import { withEntry } from './lock.js';
import { isIntact, readMarker, touch, type Marker } from './marker.js';
import type { KnownFile } from './fetch-file.js';
import { download } from './obtain.js';
import { readStatistics, recordUse } from './statistics.js';
import { evict, removeEntry, sweep } from './sweep.js';
import { isSweepDue, noteGrowth } from './sweep-due.js';
import { countTraffic } from './traffic.js';
import type { CacheEntry, CacheUse } from './types.js';
import { TRANSFER_LIMITS } from './watch.js';

export type { Cache, CacheOptions } from './cache.js';
export type { InflateRules } from './inflate-ahead.js';
export type { DownloadProgress } from './obtain.js';
export type { FindRuns } from './leases.js';
export type { SweepResult } from './sweep.js';

const DAY_MS = 86_400_000;

export function createCache(options: CacheOptions): Cache {
  const { directory, sources, durationDays, maxBytes, parallelDownloads } = options;
  const { keepFreeBytes = 0 } = options;
  const limits = options.transferLimits ?? TRANSFER_LIMITS;

  async function use(one: CacheUse): Promise<void> {
    await recordUse(directory, one.outcome, one.savedBytes);
    options.onUse?.(one);
  }

  async function hitOrMiss(key: string, signal: AbortSignal): Promise<Marker | undefined> {
    const paths = entryPaths(directory, key);
    const marker = await readMarker(paths);
    if (!marker) return undefined;
    if (await isIntact(paths, marker, { trustMs: durationDays * DAY_MS, signal })) return marker;
    // Changed behind our back: nothing of it can be trusted.
    await rm(paths.directory, { recursive: true, force: true });
    return undefined;
  }

  /** All that the run has made cross the network, whatever came of it; without a run, what this call has. */
  async function transferred(ofThisCall: number, runId: string | undefined): Promise<number> {
    return runId === undefined ? ofThisCall : trafficOf(directory, runId);
  }

  /** Other versions of the same source on this host, by which unchanged files are recognised. */
  async function knownFiles({ kind, reference }: PinnedSource): Promise<KnownFile[]> {
    const known: KnownFile[] = [];
    const prefix = keyPrefix({ kind, reference });
    for (const key of await readdir(entriesDirectory(directory)).catch(() => [])) {
      if (!key.startsWith(prefix)) continue;
      const paths = entryPaths(directory, key);
      const marker = await readMarker(paths);
      if (marker?.kind !== kind || marker.reference !== reference) continue;
      for (const file of marker.files) {
        known.push({ ...file, absolutePath: join(paths.files, file.path) });
      }
    }
    return known;
  }

  return {
    async obtain(entry, pin, { force, inflate, runId, signal, onProgress }) {
      const key = entryKey(entry, pin);
      const paths = entryPaths(directory, key);
      return withEntry(directory, key, signal, async (held) => {
        // Before it is looked for: no sweep comes in between.
        if (runId !== undefined) await onDisk(directory, () => lease(directory, key, runId));
        const found = force ? undefined : await hitOrMiss(key, held);
        if (found) {
          const bytes = bytesOf(found);
          await onDisk(directory, () => touch(paths));
          await use({ kind: pin.kind, outcome: 'hit', savedBytes: bytes, transferredBytes: 0 });
          onProgress({ bytes, totalBytes: bytes });
          const transferredBytes = await transferred(0, runId);
          return { ...summary(key, found), transferredBytes, hit: true };
        }
        // Without its marker the entry is incomplete, and what a forced download finds is only partials.
        if (force && (await readMarker(paths))) {
          await rm(paths.directory, { recursive: true, force: true });
        }
        const traffic = runId === undefined ? undefined : await countTraffic(directory, key, runId);
        const { marker, transferredBytes, reusedBytes } = await download({
          directory,
          sources,
          entry,
          pin,
          maxBytes,
          parallelDownloads,
          limits,
          inflate,
          room: diskRoom({
            ...{ directory, key, keepFreeBytes },
            evict: (bytes) => evict(directory, bytes, held),
          }),
          signal: held,
          onProgress,
          onTraffic: (bytes) => traffic?.add(bytes),
          known: force ? [] : await knownFiles(pin),
        })
          .finally(() => traffic?.end())
          .catch(async (error: unknown) => {
            // Bytes of a state that the source has left: another version will be asked for.
            const isLeft = error instanceof ImportError && error.code === 'SOURCE_CHANGED';
            if (isLeft) await rm(paths.directory, { recursive: true, force: true });
            throw error;
          });
        await onDisk(directory, async () => {
          await touch(paths);
          await noteGrowth(directory, bytesOf(marker));
        });
        const savedBytes = reusedBytes;
        await use({ kind: pin.kind, outcome: 'miss', savedBytes, transferredBytes });
        const all = await transferred(transferredBytes, runId);
        return { ...summary(key, marker), transferredBytes: all, hit: false };
      });
    },

    files: (key) => filesOf(directory, key),

    hold: (key, runId, signal) =>
      withEntry(directory, key, signal, async () => {
        const found = await filesOf(directory, key);
        await onDisk(directory, () => lease(directory, key, runId));
        return found;
      }),

    documentation: (key) => readDocumentation(entryPaths(directory, key)),

    async dropInflated(key) {
      await rm(entryPaths(directory, key).inflated, { recursive: true, force: true });
    },

    release: (runId) => release(directory, runId),
    releaseEnded: (findRuns) => releaseEnded(directory, findRuns),
    sweep: ({ signal }) => sweep(directory, { durationDays, maxBytes, signal }),

    async sweepIfDue({ signal }) {
      if (!(await isSweepDue(directory, maxBytes))) return;
      await sweep(directory, { durationDays, maxBytes, signal });
    },

    evict: (bytes, signal) => evict(directory, bytes, signal),

    async clear() {
      const { signal } = new AbortController();
      let [removedEntries, freedBytes] = [0, 0];
      for (const { key, bytes } of await listEntries(directory)) {
        if (!(await removeEntry(directory, key, { usedMs: Infinity, signal }))) continue;
        removedEntries += 1;
        freedBytes += bytes;
      }
      return { removedEntries, freedBytes };
    },

    async status() {
      const entries = await listEntries(directory);
      return {
        entries: entries.filter(({ complete }) => complete).length,
        bytes: entries.reduce((sum, { bytes }) => sum + bytes, 0),
        ...(await readStatistics(directory)),
      };
    },

    hostId: () => readHostId(directory),
  };
}

function bytesOf({ files }: Marker): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}

function summary(
  key: string,
  marker: Marker,
): Pick<CacheEntry, 'key' | 'checksum' | 'files' | 'bytes'> {
  const { checksum, files } = marker;
  return { key, checksum, files: files.length, bytes: bytesOf(marker) };
}
