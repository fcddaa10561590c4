/** Records and tells the ends of batches that could not do it themselves: terminated, or with the catalog away. */
import type { Client } from '@temporalio/client';
import { tellBatchEnd } from './batch-telling.js';
import type { Resources } from './resources.js';
import { batchEndOf } from './temporal/batch-ends.js';

/** @param namespaceId - of Temporal: the batches of others are theirs to end */
export async function closeEndedBatches(
  resources: Pick<Resources, 'catalog' | 'notifier'>,
  client: Client,
  namespaceId: string,
  signal: AbortSignal,
): Promise<string[]> {
  const { batches } = resources.catalog;
  const closed: string[] = [];
  for (const batch of await batches.unfinished()) {
    signal.throwIfAborted();
    if (batch.namespaceId !== namespaceId) continue;
    const end = await batchEndOf(client, batch);
    if (!end) continue;
    await batches.close(batch.batchId, end);
    closed.push(batch.batchId);
    await tellBatchEnd(resources, { ...batch, ...end }, signal);
  }
  return closed;
}
