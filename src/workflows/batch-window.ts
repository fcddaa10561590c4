/** The window of a batch: imports side by side, which go on while the batch continues as new. */
import {
  CancellationScope,
  ChildWorkflowCancellationType,
  ChildWorkflowFailure,
  condition,
  getExternalWorkflowHandle,
  isCancellation,
  ParentClosePolicy,
  patched,
  proxyActivities,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { Activities } from '../activities/index.js';
import {
  BATCH_MEMO,
  importWorkflowId,
  RETRY_NOW_SIGNAL,
  type BatchState,
  type ImportAllInput,
  type ImportResult,
} from '../contract.js';
import { looking, patientQuestions, untilItEnds } from './activity-options.js';
import { createBatchOrder } from './batch-order.js';
import { summaryOf } from './failures.js';
import { followWorkers } from './follow-workers.js';
import { importDataset } from './import-dataset.js';
import type { Tally } from './tally.js';

const { lookAtNext } = proxyActivities<Activities>(looking);
const { leaveBatch } = proxyActivities<Activities>(patientQuestions);
const { awaitImport } = proxyActivities<Activities>(untilItEnds);

export interface BatchWindow {
  /** Resolves when all have ended or wait, or with what is left once this history is full. */
  run(): Promise<BatchState | undefined>;
}

export function createBatchWindow(
  batch: BatchState,
  { force = false, maxParallel }: ImportAllInput,
  tally: Tally,
): BatchWindow {
  const { refused } = batch;
  const { batchId } = tally;
  let { parallel } = batch;
  const order = createBatchOrder(parallel, batch);
  let { cursor } = batch;
  let look: Promise<void> | undefined;
  const errors: unknown[] = [];
  let ends = 0;
  let lanes = 0;

  /** A history near its limit: nothing new begins, and what runs is taken along. */
  const isFull = (): boolean => workflowInfo().continueAsNewSuggested;

  /** What has not changed ends here, many at a time; the others become pending. */
  async function lookOn(after: number): Promise<void> {
    const found = await lookAtNext({ batchId, after, force, ...(refused && { refused }) });
    cursor = found.cursor;
    // A batch of the version before goes on in the order in which it began.
    order.add(found.pending, patched('large-datasets-leave-places') ? found.large : []);
    tally.endedTogether(found.counts, found.recent);
  }

  async function next(): Promise<string | undefined> {
    for (;;) {
      if (isFull() || errors.length > 0) return undefined;
      if (order.wantsMore() && cursor !== undefined) {
        look ??= lookOn(cursor).finally(() => (look = undefined));
        // Whoever waits for it hears of its failure; when nobody does, the next one looks again.
        look.catch(() => undefined);
      }
      const dataset = order.take(cursor !== undefined);
      if (dataset !== undefined) return dataset;
      if (look) await look;
      else if (order.pending.length === 0) return undefined;
      // Large ones, whose places are taken.
      else await placeLeft();
    }
  }

  async function placeLeft(): Promise<void> {
    const before = ends;
    await condition(() => ends > before || isFull() || errors.length > 0);
  }

  async function lane(first?: BatchState['inFlight'][number]): Promise<void> {
    lanes += 1;
    try {
      if (first) await rejoin(first).finally(() => ended(first.dataset));
      while (lanes <= parallel) {
        const name = await next();
        if (name === undefined) break;
        await begin(name).finally(() => ended(name));
      }
    } catch (error) {
      errors.push(error);
    } finally {
      lanes -= 1;
    }
  }

  /** Lanes that are too many end with their import. */
  function resize(places: number): void {
    parallel = places;
    order.resize(places);
    // Large ones may have a place now.
    ends += 1;
    while (lanes < parallel) void lane();
  }

  /** Its place is free, unless it is taken along by a history that is full. */
  function ended(dataset: string): void {
    if (tally.running.has(dataset)) return;
    order.ended(dataset);
    ends += 1;
  }

  async function begin(dataset: string): Promise<void> {
    const startedMs = Date.now();
    try {
      const child = await startChild(importDataset, {
        workflowId: importWorkflowId(dataset),
        args: [{ dataset, force, authChecked: true }],
        memo: { [BATCH_MEMO]: batchId },
        // All its tasks have it: a batch of thousands and one of three get the same share of the workers.
        priority: { fairnessKey: batchId },
        cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
        // It outlives a run of the batch that continues as new, and the batch when it waits.
        parentClosePolicy: ParentClosePolicy.ABANDON,
        staticSummary: dataset,
      });
      await watch(dataset, child.firstExecutionRunId, child.result(), startedMs);
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      await join(dataset);
    }
  }

  /** Somebody else has started it, or it waits since the night before: it looks again now. */
  async function join(dataset: string): Promise<void> {
    const handle = getExternalWorkflowHandle(importWorkflowId(dataset));
    // It may have ended in this moment.
    await handle.signal(RETRY_NOW_SIGNAL).catch((error: unknown) => {
      if (isCancellation(error)) throw error;
    });
    await leaveBatch({ batchId, dataset, as: 'already-running' });
    tally.ended({ ...NOTHING_DONE, dataset, outcome: 'already-running', durationMs: 0 });
  }

  /** An import of the run before: its end is asked of Temporal, for it is no child of this run. */
  async function rejoin({ dataset, runId }: BatchState['inFlight'][number]): Promise<void> {
    order.begun(dataset);
    const end = CancellationScope.nonCancellable(() => awaitImport({ dataset, runId }));
    const cancel = () => getExternalWorkflowHandle(importWorkflowId(dataset), runId).cancel();
    await watch(dataset, runId, end, Date.now(), cancel);
  }

  /** Keeps the lane until the import has ended or waits, or this history is full. */
  async function watch(
    dataset: string,
    runId: string,
    end: Promise<ImportResult>,
    startedMs: number,
    cancel?: () => Promise<void>,
  ): Promise<void> {
    let result: ImportResult | undefined;
    const ended = end
      .catch((error: unknown) => resultOf(dataset, error, Date.now() - startedMs))
      .then((value) => void (result = value));
    tally.begun(dataset, runId);
    try {
      await condition(() => result !== undefined || tally.waits(dataset) || isFull());
    } catch (error) {
      // The batch is cancelled: it ends when its imports have, and what they leave is cleaned up.
      await CancellationScope.nonCancellable(async () => {
        await cancel?.().catch(() => undefined);
        await ended;
      });
      if (result) tally.ended(result);
      throw error;
    }
    if (result) return tally.ended(result);
    if (!tally.waits(dataset)) return;
    await leaveBatch({ batchId, dataset, as: 'waiting' });
    tally.ended({ ...NOTHING_DONE, dataset, outcome: 'waiting', durationMs: 0 });
  }

  return {
    async run() {
      // A number that somebody has named is the number.
      const follows = maxParallel === undefined && patched('places-follow-workers');
      const workers = follows ? followWorkers(resize) : undefined;
      for (const one of batch.inFlight) void lane(one);
      while (lanes < parallel) void lane();
      // Those of a batch that is cancelled end when their imports have.
      await CancellationScope.nonCancellable(() => condition(() => lanes === 0));
      workers?.end();
      await look;
      if (errors.length > 0) throw errors[0];
      const { running, counts, total } = tally;
      const { pending, large } = order;
      if (running.size === 0 && pending.length === 0 && cursor === undefined) return undefined;
      return {
        ...{ total, parallel, pending, counts },
        inFlight: [...running].map(([dataset, runId]) => ({ dataset, runId })),
        ...(large.length > 0 && { large }),
        ...(cursor !== undefined && { cursor }),
        ...(refused && { refused }),
      };
    },
  };
}

const NOTHING_DONE = {
  ...{ tables: 0, carriedOver: 0, rows: 0, rejects: 0, warnings: [] },
  ...{ sourceBytes: 0, parquetBytes: 0, transferredBytes: 0 },
};

/** Of an import that did not end well. */
function resultOf(dataset: string, error: unknown, durationMs: number): ImportResult {
  // Only this child: the batch, cancelled itself, is told apart by its own scope.
  if (isCancellation(error) && error instanceof ChildWorkflowFailure) {
    return { ...NOTHING_DONE, dataset, outcome: 'cancelled', durationMs };
  }
  return { ...NOTHING_DONE, dataset, outcome: 'failed', failure: summaryOf(error), durationMs };
}
