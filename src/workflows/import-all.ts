/** A batch of imports: names go through it, results go to the catalog; no failure stops the others. */
import {
  CancellationScope,
  ContinueAsNew,
  continueAsNew,
  isCancellation,
  log,
  patched,
  proxyActivities,
  sleep,
  upsertMemo,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import type { BatchClosed } from '../activities/batch.js';
import {
  TOLD_MEMO,
  type BatchState,
  type FailureSummary,
  type ImportAllFailure,
  type ImportAllInput,
  type ImportAllResult,
} from '../contract.js';
import { CREDENTIAL_CODES, OUTAGE_CODES } from '../errors/waits.js';
import {
  aftermath,
  patientQuestions,
  records,
  sourceQuestions,
  WAIT_STEP_MS,
} from './activity-options.js';
import { createBatchWindow } from './batch-window.js';
import { failed, summaryFor, summaryOf } from './failures.js';
import { importAllBefore } from './import-all-before.js';
import { requireImportAllInput } from './input.js';
import { logBatch } from './journal.js';
import { createTally, type Tally } from './tally.js';

const { openBatch } = proxyActivities<Activities>(patientQuestions);
const { checkAuth } = proxyActivities<Activities>(sourceQuestions);
const { closeBatch } = proxyActivities<Activities>(records);
const { tellBatch } = proxyActivities<Activities>(aftermath);

const HOUR_MS = 3_600_000;
/** In a message; the catalog has them all. */
const MAX_NAMES = 10;

/**
 * Imports the selected datasets; one that waits is left to itself. Fails with IMPORTS_FAILED after all have ended,
 * the first failures among its details, if any failed; with the reason when the batch failed as a whole.
 */
export async function importAll(input: ImportAllInput = {}): Promise<ImportAllResult> {
  requireImportAllInput(input);
  if (input.finished !== undefined || !patched('batch-of-names')) {
    return (await importAllBefore(input)) as unknown as ImportAllResult;
  }
  const { firstExecutionRunId: batchId } = workflowInfo();
  const tally = createTally(batchId, input.continued);
  try {
    const batch = input.continued ?? (await begin(input, tally));
    const rest = await createBatchWindow(batch, input, tally).run();
    if (rest) return await continueAsNew<typeof importAll>({ ...input, continued: rest });
    return await finish(batch, tally);
  } catch (error) {
    if (error instanceof ContinueAsNew || isTold(error)) throw error;
    const cancelled = isCancellation(error);
    const failure = cancelled ? summaryFor('CANCELLED') : summaryOf(error);
    const outcome = cancelled ? 'cancelled' : 'failed';
    await CancellationScope.nonCancellable(() => close(tally, outcome, failure));
    throw cancelled ? error : failed(failure);
  }
}

async function begin(input: ImportAllInput, tally: Tally): Promise<BatchState> {
  const { only, domains, small, maxParallel } = input;
  const { startTime } = workflowInfo();
  const opened = await openBatch({
    batchId: tally.batchId,
    startedAt: startTime.toISOString(),
    ...(only && { only }),
    ...(domains && { domains }),
    ...(small && { small }),
  });
  const { total, asks, maxWaitHours } = opened;
  tally.total = total;
  const refused = asks === undefined ? undefined : await refusal(asks, maxWaitHours);
  // None at a time would be a batch that continues as new for ever.
  const parallel = Math.max(1, maxParallel ?? opened.maxParallel);
  return {
    ...{ total, parallel, cursor: 0, pending: [], inFlight: [], counts: {} },
    ...(refused && { refused }),
  };
}

/**
 * Once for all: a quiet night costs one request a dataset, and one more. Refused credentials are the trouble of
 * those that need them; a source that is away costs the time that it is away, not the night.
 */
async function refusal(asks: string, maxWaitHours: number): Promise<FailureSummary | undefined> {
  const deadline = Date.now() + maxWaitHours * HOUR_MS;
  for (;;) {
    try {
      await checkAuth({ datasets: [asks] });
      return undefined;
    } catch (error) {
      const summary = summaryOf(error);
      if (CREDENTIAL_CODES.includes(summary.code)) return summary;
      const isOutage = OUTAGE_CODES.includes(summary.code) && Date.now() < deadline;
      if (isCancellation(error) || !isOutage) throw error;
      log.warn('batch waits for the source', { ...summary });
      await sleep(WAIT_STEP_MS);
    }
  }
}

async function finish(batch: BatchState, tally: Tally): Promise<ImportAllResult> {
  const { batchId, counts } = tally;
  const { total, refused } = batch;
  const broken = counts.failed ?? 0;
  if (refused && broken === total) {
    await close(tally, 'failed', refused);
    throw told(refused);
  }
  const failures = (await close(tally, 'finished'))?.failures ?? [];
  if (broken === 0) return { batchId, total, counts };
  const named = failures.slice(0, MAX_NAMES).map(({ dataset }) => dataset);
  const more = broken > named.length ? ` and ${broken - named.length} more` : '';
  throw told(
    {
      code: 'IMPORTS_FAILED',
      message: `${broken} of ${total} imports failed: ${named.join(', ')}${more}`,
      nextStep: 'Read the reason of each failed dataset in `make status`, then import it again.',
    },
    { batchId, total, counts, failures } satisfies ImportAllFailure,
  );
}

/** Records the end and tells people of it. Neither can change how the batch went. */
async function close(
  tally: Tally,
  outcome: 'finished' | 'failed' | 'cancelled',
  failure?: FailureSummary,
): Promise<BatchClosed | undefined> {
  const { batchId, counts, total } = tally;
  const { startTime } = workflowInfo();
  logBatch(outcome, tally, failure);
  const end = {
    ...{ batchId, outcome, counts, total, startedAt: startTime.toISOString() },
    endedAt: new Date().toISOString(),
    ...(failure && { failure }),
  };
  const closed = await attempt('record of the batch', closeBatch(end));
  const told = await attempt(
    'message about the batch',
    tellBatch({ ...end, closed: closed !== undefined }),
  );
  // For whoever records the end: the catalog does not know of it.
  if (told?.takenBy && patched('told-past-the-catalog')) upsertMemo({ [TOLD_MEMO]: told.takenBy });
  return closed;
}

async function attempt<Result>(what: string, work: Promise<Result>): Promise<Result | undefined> {
  try {
    return await work;
  } catch (error) {
    log.warn(`The ${what} failed; the outcome of the batch stands`, { ...summaryOf(error) });
    return undefined;
  }
}

/** Failures of batches whose end is recorded and told. */
const TOLD = new WeakSet<object>();

function told(...of: Parameters<typeof failed>): ReturnType<typeof failed> {
  const failure = failed(...of);
  TOLD.add(failure);
  return failure;
}

function isTold(error: unknown): boolean {
  return typeof error === 'object' && error !== null && TOLD.has(error);
}
