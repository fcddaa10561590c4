/** How a batch has ended, asked of Temporal for those whose end nobody could record. */
import { ServiceError, WorkflowFailedError, type Client } from '@temporalio/client';
import { ApplicationFailure, TerminatedFailure, WorkflowNotFoundError } from '@temporalio/common';
import type { BatchEnd, BatchStart } from '../catalog/index.js';
import { TOLD_MEMO } from '../contract.js';

/** A batch that runs gives no answer; one that has ended gives it at once. */
const PATIENCE_MS = 2_000;

/** Longer than Temporal remembers any of them. */
const FORGOTTEN_AFTER_MS = 30 * 86_400_000;

/** As far back as anybody would want to be told. */
const RECENT_MS = 3 * 86_400_000;

interface RecentEnd {
  readonly workflowId: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** Receivers that were told past the catalog. */
  readonly takenBy: readonly string[];
}

/**
 * Batches that ended lately, whether the catalog knows of them or not, by their ids.
 * @param known - which of these ids are of batches that the catalog knows
 */
export async function recentBatchEnds(
  client: Client,
  known: (ids: readonly string[]) => Promise<ReadonlySet<string>>,
): Promise<ReadonlyMap<string, RecentEnd>> {
  const since = new Date(Date.now() - RECENT_MS).toISOString();
  const ended = `ExecutionStatus NOT IN ('Running', 'ContinuedAsNew') AND CloseTime > '${since}'`;
  const listed = new Map<string, RecentEnd>();
  for await (const { workflowId, runId, startTime, memo } of client.workflow.list({
    query: `WorkflowType = 'importAll' AND ${ended}`,
  })) {
    const takenBy = memo?.[TOLD_MEMO];
    listed.set(runId, {
      ...{ workflowId, startedAt: startTime.toISOString() },
      takenBy: Array.isArray(takenBy) ? takenBy.map(String) : [],
    });
  }
  const firstRuns = await known([...listed.keys()]);
  const found = new Map<string, RecentEnd>();
  for (const [runId, end] of listed) {
    found.set(firstRuns.has(runId) ? runId : await firstRunOf(client, end.workflowId, runId), end);
  }
  return found;
}

/** A list does not say it. */
async function firstRunOf(client: Client, workflowId: string, runId: string): Promise<string> {
  const { raw } = await client.workflow.getHandle(workflowId, runId).describe();
  return raw.workflowExecutionInfo?.firstRunId || runId;
}

/** `undefined` while it runs. Follows the runs that continue it, and the one that a person has reset it to. */
export async function batchEndOf(client: Client, batch: BatchStart): Promise<BatchEnd | undefined> {
  const { workflowId, batchId } = batch;
  const endedAt = new Date().toISOString();
  try {
    const newest = await client.workflow.getHandle(workflowId).describe();
    const isOfBatch = newest.raw.workflowExecutionInfo?.firstRunId === batchId;
    const handle = client.workflow.getHandle(workflowId, isOfBatch ? newest.runId : batchId, {
      followRuns: true,
    });
    await client.withDeadline(Date.now() + PATIENCE_MS, () => handle.result());
    return { outcome: 'finished', endedAt };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) {
      const isForgotten = Date.now() - Date.parse(batch.startedAt) > FORGOTTEN_AFTER_MS;
      return isForgotten ? { outcome: 'lost', endedAt } : undefined;
    }
    if (error instanceof WorkflowFailedError) return { ...failureOf(error.cause), endedAt };
    // Still running, or Temporal does not answer: asked again the next time.
    if (error instanceof ServiceError) return undefined;
    throw error;
  }
}

function failureOf(cause: Error | undefined): Omit<BatchEnd, 'endedAt'> {
  if (cause instanceof ApplicationFailure) {
    if (cause.type === 'IMPORTS_FAILED') return { outcome: 'finished' };
    const errorCode = cause.type ?? 'UNEXPECTED';
    return { outcome: 'failed', errorCode, errorMessage: cause.message };
  }
  if (cause instanceof TerminatedFailure) {
    return { outcome: 'terminated', errorMessage: cause.message };
  }
  return { outcome: cause?.name === 'TimeoutFailure' ? 'timed-out' : 'cancelled' };
}
