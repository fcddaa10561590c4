/** One message about the end of a batch, whoever has found that it ended: the batch itself, or a worker after it. */
import type { BatchEnd, BatchStart, Catalog } from '../catalog/index.js';
import type { FailureSummary } from '../contract.js';
import { alertForBatch } from '../notify/index.js';
import type { News, Telling, Told } from './index.js';

export type EndedBatch = BatchStart & BatchEnd & { readonly failure?: FailureSummary };

/** Named in the message. */
const MAX_NAMED = 10;

/** Without effect on a batch that people were told of. Throws as `tell` does. */
export async function tellBatchEnd(
  { batches }: Pick<Catalog, 'batches'>,
  telling: Telling,
  batch: EndedBatch & Omit<News, 'alert' | 'batchId'>,
  signal: AbortSignal,
): Promise<Told> {
  const { batchId, takenBy, past, ...ended } = batch;
  const [counts, failures, waiting, incomplete, recovered, before] = await Promise.all([
    batches.counts(batchId),
    batches.troubles(batchId, ['failed', 'terminated', 'timed-out'], MAX_NAMED),
    batches.troubles(batchId, ['waiting'], MAX_NAMED),
    batches.incomplete(batchId, MAX_NAMED),
    batches.recovered(batchId),
    batches.before(batchId),
  ]);
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const digest = { ...ended, batchId, total, counts, failures, waiting, incomplete, recovered };
  const alert = alertForBatch({ ...digest, ...(before && { before }) });
  return telling.tell(
    { alert, batchId, ...(takenBy && { takenBy }), ...(past !== undefined && { past }) },
    signal,
  );
}
