/** How a batch has ended, asked of Temporal for those whose end nobody could record. */
import { ServiceError, WorkflowFailedError, type Client } from '@temporalio/client';
import { ApplicationFailure, TerminatedFailure, WorkflowNotFoundError } from '@temporalio/common';
import type { BatchEnd, BatchStart } from '../catalog/index.js';

/** A batch that runs gives no answer; one that has ended gives it at once. */
const PATIENCE_MS = 2_000;

/** Longer than Temporal remembers any of them. */
const FORGOTTEN_AFTER_MS = 30 * 86_400_000;

/** `undefined` while it runs. Follows the runs that continue it. */
export async function batchEndOf(client: Client, batch: BatchStart): Promise<BatchEnd | undefined> {
  const handle = client.workflow.getHandle(batch.workflowId, batch.batchId, { followRuns: true });
  const endedAt = new Date().toISOString();
  try {
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
