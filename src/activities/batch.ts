/** What a batch asks and records: which datasets, which of them have changed, and how it all ended. */
import { Context } from '@temporalio/activity';
import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { BatchTrouble } from '../catalog/index.js';
import { selected, type Selection } from '../config/selection.js';
import type { BatchCounts, FailureSummary, ImportResult } from '../contract.js';
import { importWorkflowId } from '../contract.js';
import { ImportError } from '../errors/index.js';
import { alertForBatch } from '../notify/index.js';
import type { Resources } from '../resources.js';
import { tellBatchEnd } from '../telling/batch-end.js';
import { isCatalogAway, PAST_FROM_ATTEMPT, type Telling, type Told } from '../telling/index.js';
import type { importDataset } from '../workflows/index.js';
import { lookAtNext, type LookRequest, type Looked } from './look-at-next.js';
import { placesFor } from './places.js';
import { activity } from './step.js';

export interface BatchOpened {
  readonly total: number;
  /** Of the workers that are there when it begins. */
  readonly maxParallel: number;
  readonly maxWaitHours: number;
  /** A dataset that needs credentials of Kaggle, if any of them does. */
  readonly asks?: string;
}

export interface BatchEnding {
  readonly batchId: string;
  readonly outcome: 'finished' | 'failed' | 'cancelled';
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly endedAt: string;
  readonly total: number;
  readonly counts: BatchCounts;
  /** Why it failed as a whole. */
  readonly failure?: FailureSummary;
}

export interface BatchClosed {
  /** The first of those that failed. */
  readonly failures: readonly BatchTrouble[];
}

/** Told in messages and in the failure of a batch. */
const MAX_FAILURES = 10;

export function batchActivities(resources: Resources, telling: Telling) {
  const { loadConfig, catalog, metrics } = resources;
  const { namespaceId } = telling;
  return {
    /** Records the start, and in the order of the configuration what is to be imported. */
    openBatch: activity(
      async (
        request: {
          batchId: string;
          startedAt: string;
        } & Selection,
        { workflowId },
      ): Promise<BatchOpened> => {
        const { batchId, startedAt } = request;
        await catalog.batches.start({ batchId, workflowId, namespaceId, startedAt });
        const config = await loadConfig();
        const entries = selected(config, request);
        const names = entries.map(({ name }) => name);
        await catalog.batches.select(batchId, names);
        const asks = entries.find(({ source }) => source === undefined)?.name;
        const { max_parallel: ofEach, max_wait_hours: maxWaitHours } = config.settings;
        const maxParallel = await placesFor(ofEach);
        const total = names.length;
        return { total, maxParallel, maxWaitHours, ...(asks !== undefined && { asks }) };
      },
    ),

    /** Workers come and go while a batch runs. */
    countPlaces: activity(async (_request: object): Promise<number> => {
      const { settings } = await loadConfig();
      return placesFor(settings.max_parallel);
    }),

    /** Of the next datasets: ends those that have not changed, and names the others. */
    lookAtNext: activity(async (request: LookRequest, { signal }): Promise<Looked> =>
      lookAtNext(resources, request, signal),
    ),

    leaveBatch: activity(
      async ({
        batchId,
        dataset,
        as,
      }: {
        batchId: string;
        dataset: string;
        as: 'waiting' | 'already-running';
      }): Promise<void> => {
        await catalog.batches.leave(batchId, dataset, as);
      },
    ),

    /**
     * The end of an import that another run of the batch has started. It asks, and is tried again while the import
     * runs: those of a wide window, if they stayed, would hold every place that the imports need to end.
     */
    awaitImport: activity(
      async ({ dataset, runId }: { dataset: string; runId: string }): Promise<ImportResult> => {
        const { client } = Context.current();
        const handle = client.workflow.getHandle<typeof importDataset>(
          importWorkflowId(dataset),
          runId,
          { followRuns: false },
        );
        const { status } = await handle.describe();
        if (status.name === 'RUNNING') throw new ImportError('IMPORT_RUNS', { place: dataset });
        const result = await handle.result().catch((error: unknown) => {
          if (error instanceof WorkflowFailedError) return endedBadly(dataset, error.cause);
          throw error;
        });
        return { ...result, warnings: [] };
      },
    ),

    /** Also of one whose start could not be recorded, and of one that has ended, and was reset by a person. */
    closeBatch: activity(async (end: BatchEnding, { workflowId }): Promise<BatchClosed> => {
      const { batchId, startedAt, endedAt, outcome, failure } = end;
      await catalog.batches.start({ batchId, workflowId, namespaceId, startedAt });
      const reason = failure && { errorCode: failure.code, errorMessage: failure.message };
      const isNew = await catalog.batches.close(batchId, { endedAt, outcome, ...reason }, true);
      if (isNew) metrics?.batchEnded(outcome, end.counts);
      return { failures: await catalog.batches.troubles(batchId, ['failed'], MAX_FAILURES) };
    }),

    /** Once, whichever attempt gets through. Without the catalog, what the workflow knows of its end. */
    tellBatch: activity(
      async (
        { closed, ...end }: BatchEnding & { closed: boolean },
        { signal, workflowId, attempt },
      ): Promise<Told> => {
        const { batchId } = end;
        const past = attempt >= PAST_FROM_ATTEMPT || !closed;
        try {
          return await tellBatchEnd(catalog, telling, { ...end, workflowId, past }, signal);
        } catch (error) {
          if (!past || !isCatalogAway(error)) throw error;
          const alert = alertForBatch({ ...end, failures: [], recovered: 0 });
          return telling.tell({ alert, batchId, past }, signal);
        }
      },
    ),
  };
}

function endedBadly(dataset: string, cause: Error | undefined): ImportResult {
  const nothing = {
    ...{ dataset, tables: 0, carriedOver: 0, rows: 0, rejects: 0, warnings: [], durationMs: 0 },
    ...{ sourceBytes: 0, parquetBytes: 0, transferredBytes: 0 },
  };
  if (cause instanceof CancelledFailure) return { ...nothing, outcome: 'cancelled' };
  const [summary] = (cause instanceof ApplicationFailure ? (cause.details ?? []) : []) as [
    FailureSummary?,
  ];
  const failure = summary ?? {
    code: 'UNEXPECTED',
    message: cause?.message ?? 'ended without a reason',
    nextStep: 'See the history in the Temporal Web UI.',
  };
  return { ...nothing, outcome: 'failed', failure };
}
