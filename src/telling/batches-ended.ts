/** Records and tells the ends of batches that could not do it themselves: terminated, or with the catalog away. */
import type { Client } from '@temporalio/client';
import type { BatchEnd, BatchStart } from '../catalog/index.js';
import type { FailureSummary } from '../contract.js';
import { errorTable, type ErrorCode } from '../errors/index.js';
import type { Resources } from '../resources.js';
import { batchEndOf, recentBatchEnds } from '../temporal/batch-ends.js';
import { tellBatchEnd } from './batch-end.js';
import type { Telling } from './index.js';

/** Gives the ids of those that it has closed. The batches of other namespaces are theirs to end. */
export async function closeEndedBatches(
  { catalog, metrics }: Pick<Resources, 'catalog' | 'metrics'>,
  telling: Telling,
  client: Client,
  signal: AbortSignal,
): Promise<string[]> {
  const { batches } = catalog;
  const { namespaceId } = telling;
  const isOurs = (batch: { readonly namespaceId?: string }) => batch.namespaceId === namespaceId;
  const knownAmong = async (ids: readonly string[]): Promise<ReadonlySet<string>> =>
    new Set((await batches.among(ids)).map(({ batchId }) => batchId));
  const recent = await recentBatchEnds(client, knownAmong);
  const known = await knownAmong([...recent.keys()]);
  for (const [batchId, { workflowId, startedAt }] of recent) {
    // The catalog was away for all of it.
    if (!known.has(batchId)) await batches.start({ batchId, workflowId, namespaceId, startedAt });
  }
  const tell = (batch: BatchStart & BatchEnd) => {
    const takenBy = recent.get(batch.batchId)?.takenBy ?? [];
    return tellBatchEnd(catalog, telling, { ...batch, ...reasonOf(batch), takenBy }, signal);
  };
  const closed: string[] = [];
  for (const batch of (await batches.unfinished()).filter(isOurs)) {
    signal.throwIfAborted();
    const end = await batchEndOf(client, batch);
    if (!end || !(await batches.close(batch.batchId, end))) continue;
    closed.push(batch.batchId);
    metrics?.batchEnded(end.outcome, await batches.counts(batch.batchId));
    await tell({ ...batch, ...end });
  }
  for (const batch of (await batches.untold()).filter(isOurs)) await tell(batch);
  return closed;
}

function reasonOf({ errorCode, errorMessage }: BatchEnd): { readonly failure?: FailureSummary } {
  if (errorCode === undefined) return {};
  const { nextStep } =
    errorTable[errorCode in errorTable ? (errorCode as ErrorCode) : 'UNEXPECTED'];
  return { failure: { code: errorCode, message: errorMessage ?? '', nextStep } };
}
