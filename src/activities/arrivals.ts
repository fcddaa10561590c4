/** Tables that are converted while they arrive, beside the downloads of this worker: help that nothing depends on. */
import { rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ArrivingFile } from '../cache/inflate-ahead.js';
import { arrivedRoot, dropArrived } from '../convert/arriving/kept.js';
import { memoryFor } from '../pool/sizes.js';
import type { BytesPool } from '../pool/index.js';
import type { Resources } from '../resources.js';
import type { ImportPlan } from './prepare.js';
import { workDirectoryOf } from './work-directory.js';

export interface Arrivals {
  /** One at a time of a run, and only where there is room for it at once. */
  begin(runId: string, plan: ImportPlan, arriving: ArrivingFile): void;
  /** Resolves when nothing is made of this file of the run any more. */
  settled(runId: string, path: string, signal: AbortSignal): Promise<void>;
  /** Ends what runs for it, and removes what there is: of a download that fails nothing else would. */
  end(runId: string, dataset: string): Promise<void>;
  /** Others wait for the room: whatever runs is ended. */
  giveWay(): void;
}

interface Running {
  readonly path: string;
  readonly stop: AbortController;
  readonly ended: Promise<void>;
  /** When it last took bytes, as `performance.now()` has it. */
  movedMs: number;
}

/** Of a file that is complete: one that has not moved for so long does not end by itself. */
const STANDS_AFTER_MS = 60_000;
const LOOK_EVERY_MS = 1_000;

export function createArrivals(
  { room, workRoot }: Pick<Resources, 'room' | 'workRoot'>,
  work: Pick<BytesPool, 'convertArriving' | 'conversions'>,
): Arrivals {
  const running = new Map<string, Running>();

  async function convert(
    runId: string,
    { entry, settings }: ImportPlan,
    { file, path: originalPath, expectedBytes }: ArrivingFile,
    stop: AbortController,
  ): Promise<void> {
    const { signal } = stop;
    const needs = {
      diskBytes: expectedBytes,
      memoryBytes: memoryFor(settings.memory_limit, expectedBytes),
    };
    const giveBack = await room.take(needs, { signal, onWait: () => stop.abort() });
    try {
      const workDirectory = workDirectoryOf(workRoot, entry.name, runId);
      const input = { file, expectedBytes, originalPath, workDirectory, entry, settings };
      const onProgress = (): void => {
        const one = running.get(runId);
        if (one) one.movedMs = performance.now();
      };
      await work.convertArriving(input, { signal, onProgress });
    } finally {
      await giveBack();
    }
  }

  return {
    begin(runId, plan, arriving) {
      if (running.has(runId) || running.size >= work.conversions) return;
      const stop = new AbortController();
      // What becomes of it shows when the table is converted, which is done as ever where nothing has.
      const ended = convert(runId, plan, arriving, stop)
        .catch(() => undefined)
        .finally(() => running.delete(runId));
      running.set(runId, { path: arriving.path, stop, ended, movedMs: performance.now() });
    },
    async settled(runId, path, signal) {
      signal.throwIfAborted();
      const one = running.get(runId);
      if (one?.path !== path) return;
      const end = (): void => one.stop.abort();
      signal.addEventListener('abort', end, { once: true });
      const watch = setInterval(() => {
        if (performance.now() - one.movedMs > STANDS_AFTER_MS) end();
      }, LOOK_EVERY_MS);
      await one.ended;
      clearInterval(watch);
      signal.removeEventListener('abort', end);
      signal.throwIfAborted();
    },
    async end(runId, dataset) {
      const one = running.get(runId);
      one?.stop.abort();
      await one?.ended;
      const workDirectory = workDirectoryOf(workRoot, dataset, runId);
      await dropArrived(arrivedRoot(workDirectory));
      // With anything else in them, they stay.
      await rmdir(workDirectory).catch(() => undefined);
      await rmdir(dirname(workDirectory)).catch(() => undefined);
    },
    giveWay() {
      for (const { stop } of running.values()) stop.abort();
    },
  };
}
