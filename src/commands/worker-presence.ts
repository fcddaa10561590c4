/** Whether a worker is there to take what a command starts. */
import type { Client } from '@temporalio/client';
import { TASK_QUEUES } from '../contract.js';
import { ImportError } from '../errors/index.js';

export async function hasWorker(client: Client, namespace: string): Promise<boolean> {
  const { pollers } = await client.workflowService.describeTaskQueue({
    namespace,
    taskQueue: { name: TASK_QUEUES.control },
    taskQueueType: 1,
  });
  return Boolean(pollers?.length);
}

/** Nothing moves without a worker: better said at once than waited for. Throws WORKER_MISSING. */
export async function requireWorker(client: Client, namespace: string): Promise<void> {
  if (await hasWorker(client, namespace)) return;
  throw new ImportError('WORKER_MISSING', { place: `task queue ${TASK_QUEUES.control}` });
}
