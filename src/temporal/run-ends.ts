/** How a run has ended, asked of Temporal for those whose end nobody could record. */
import { WorkflowFailedError, type Client } from '@temporalio/client';
import { ApplicationFailure, TerminatedFailure, WorkflowNotFoundError } from '@temporalio/common';
import type { RunEnd, RunId } from '../catalog/index.js';
import type { ImportResult } from '../contract.js';
import type { Runs } from '../publication/reconcile.js';

/** A run whose workflow id and namespace are ours. */
export async function runsOf(client: Client): Promise<Runs> {
  const { namespace } = client.options;
  const { namespaceInfo } = await client.workflowService.describeNamespace({ namespace });
  return {
    namespaceId: namespaceInfo?.id ?? namespace,
    endOf: (run) => endOf(client, run),
  };
}

export async function endOf(
  client: Client,
  { workflowId, runId }: RunId,
): Promise<RunEnd | 'running' | 'unknown'> {
  const handle = client.workflow.getHandle<() => Promise<ImportResult>>(workflowId, runId, {
    followRuns: false,
  });
  try {
    const { closeTime } = await handle.describe();
    if (closeTime === undefined) return 'running';
    const endedAt = closeTime.toISOString();
    return await handle.result().then(
      ({ outcome }) => ({ outcome, endedAt }),
      (error: unknown) => ({ ...failureOf(error), endedAt }),
    );
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'unknown';
    throw error;
  }
}

/** Throws what is no failure of the run: Temporal itself does not answer. */
function failureOf(error: unknown): Omit<RunEnd, 'endedAt'> {
  if (!(error instanceof WorkflowFailedError)) throw error;
  const { cause } = error;
  if (cause instanceof ApplicationFailure) {
    return {
      outcome: 'failed',
      errorCode: cause.type ?? 'UNEXPECTED',
      errorMessage: cause.message,
    };
  }
  // By a person, or by Temporal itself: a history that has grown too large.
  if (cause instanceof TerminatedFailure) {
    return { outcome: 'terminated', errorMessage: cause.message };
  }
  const timedOut = cause?.name === 'TimeoutFailure';
  return { outcome: timedOut ? 'timed-out' : 'cancelled' };
}
