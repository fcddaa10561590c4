/** One message about the end of a batch, whoever has found that it ended: the batch itself, or a worker after it. */
import type { BatchEnd, BatchStart, Catalog } from './catalog/index.js';
import type { FailureSummary } from './contract.js';
import type { Notifier } from './notify/index.js';

export type EndedBatch = BatchStart & BatchEnd & { readonly failure?: FailureSummary };

/** Named in the message. */
const MAX_NAMED = 10;

/** Without effect on a batch that people were told of. Throws WEBHOOK_FAILED. */
export async function tellBatchEnd(
  { catalog, notifier }: { readonly catalog: Catalog; readonly notifier: Notifier },
  batch: EndedBatch,
  signal: AbortSignal,
): Promise<void> {
  const { batches } = catalog;
  const { batchId } = batch;
  if (!(await batches.claimTelling(batchId))) return;
  const [counts, failures, waiting, incomplete, recovered, before] = await Promise.all([
    batches.counts(batchId),
    batches.troubles(batchId, ['failed', 'terminated', 'timed-out'], MAX_NAMED),
    batches.troubles(batchId, ['waiting'], MAX_NAMED),
    batches.incomplete(batchId, MAX_NAMED),
    batches.recovered(batchId),
    batches.before(batchId),
  ]);
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const digest = { ...batch, total, counts, failures, waiting, incomplete, recovered };
  await notifier.notifyBatch({ ...digest, ...(before && { before }) }, signal);
}
