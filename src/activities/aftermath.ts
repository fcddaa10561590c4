/** What is done whatever the outcome: the record of the run, the message to people, the clean work folder. */
import { rm, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ImportResult } from '../contract.js';
import { alertFor } from '../notify/index.js';
import { removeLeftovers } from '../publication/leftovers.js';
import type { Resources } from '../resources.js';
import { PAST_FROM_ATTEMPT, type Telling } from '../telling/index.js';
import type { Arrivals } from './arrivals.js';
import { activity } from './step.js';
import { workDirectoryOf } from './work-directory.js';

export interface OutcomeRecord {
  readonly result: ImportResult;
  readonly stageMs: Readonly<Record<string, number>>;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly endedAt: string;
  readonly batchId?: string;
}

export function aftermathActivities(
  resources: Resources,
  telling: Telling,
  arrivals: Pick<Arrivals, 'end'>,
) {
  const { catalog, cache, metrics, workRoot } = resources;
  const { namespaceId } = telling;
  return {
    recordStart: activity(
      async (
        start: { dataset: string; startedAt: string; batchId?: string },
        { workflowId, runId },
      ): Promise<void> => {
        await catalog.startImport({ ...start, workflowId, runId, namespaceId });
      },
    ),

    recordOutcome: activity(
      async (
        { result, stageMs, startedAt, endedAt, batchId }: OutcomeRecord,
        { workflowId, runId },
      ): Promise<void> => {
        const { dataset, failure, cacheHit, prefix } = result;
        await catalog.finishImport({
          dataset,
          workflowId,
          runId,
          startedAt,
          namespaceId,
          endedAt,
          outcome: result.outcome,
          stageMs,
          sourceBytes: result.sourceBytes,
          parquetBytes: result.parquetBytes,
          transferredBytes: result.transferredBytes,
          rows: result.rows,
          tables: result.tables,
          ...(cacheHit !== undefined && { cacheHit }),
          ...(prefix !== undefined && { prefix }),
          carriedOver: result.carriedOver,
          rejects: result.rejects,
          warnings: result.warnings,
          ...(result.failed && { failed: result.failed }),
          ...(result.kept && { kept: result.kept }),
          ...(result.skipped !== undefined && { skipped: result.skipped }),
          ...(failure && {
            errorCode: failure.code,
            errorMessage: failure.message,
            nextStep: failure.nextStep,
          }),
          ...(batchId !== undefined && { batchId }),
        });
        const isNew = result.outcome === 'published' || result.outcome === 'held';
        if (isNew && result.failed) metrics?.tablesFailed(result.failed.count);
      },
    ),

    notify: activity(async (result: ImportResult, { signal, runId, attempt }): Promise<void> => {
      const alert = alertFor(result, runId);
      if (alert) await telling.tell({ alert, past: attempt >= PAST_FROM_ATTEMPT }, signal);
    }),

    /** Removes what this run has stored for a version that did not become one. */
    removeUnpublished: activity(
      async ({ prefix }: { prefix: string }, { signal, workflowId, runId }): Promise<void> => {
        await removeLeftovers(resources, prefix, { workflowId, runId }, signal);
      },
    ),

    /** Says that the host of the queue is alive. */
    answer: activity(async (_question: object): Promise<void> => Promise.resolve()),

    /** Removes the import's own folder, and from the cache what has expired. */
    cleanUp: activity(
      async ({ dataset }: { dataset: string }, { signal, runId }): Promise<void> => {
        const directory = workDirectoryOf(workRoot, dataset, runId);
        await arrivals.end(runId, dataset);
        await rm(directory, { recursive: true, force: true, maxRetries: 3 });
        // Another run of the same dataset may still have its folder beside ours: then it stays.
        await rmdir(dirname(directory)).catch(() => undefined);
        await cache.release(runId);
        await cache.sweepIfDue({ signal });
      },
    ),
  };
}
