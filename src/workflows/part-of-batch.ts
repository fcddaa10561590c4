/** What an import owes to the batch that has started it. */
import { getExternalWorkflowHandle, log, workflowInfo } from '@temporalio/workflow';
import { BATCH_MEMO, WAITS_SIGNAL } from '../contract.js';

/** In the memo, not in the input: a worker of the version before refuses inputs that it does not know. */
export function batchOf(): { readonly batchId: string } | undefined {
  const batchId = workflowInfo().memo?.[BATCH_MEMO];
  return typeof batchId === 'string' ? { batchId } : undefined;
}

/** One that has ended needs no word: its next night joins this import. */
export async function tellBatchOfWait(dataset: string): Promise<void> {
  const { parent } = workflowInfo();
  if (!parent || !batchOf()) return;
  try {
    await getExternalWorkflowHandle(parent.workflowId).signal<[string]>(WAITS_SIGNAL, dataset);
  } catch (error) {
    log.info('The batch of this import has ended before', { error });
  }
}
