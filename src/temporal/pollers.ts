/** Asks Temporal who polls a task queue: a worker is there once the server knows it, not once it has begun to ask. */
import type { Client } from '@temporalio/client';

/** Temporal's TaskQueueType. */
const TASK_TYPES = { workflows: 1, activities: 2 } as const;

export interface PolledQueue {
  readonly name: string;
  readonly takes: keyof typeof TASK_TYPES;
}

/** The server keeps a poller in mind for some minutes after its last question. */
export async function pollersOf(
  { workflowService }: Pick<Client, 'workflowService'>,
  namespace: string,
  { name, takes }: PolledQueue,
): Promise<string[]> {
  const { pollers } = await workflowService.describeTaskQueue({
    namespace,
    taskQueue: { name },
    taskQueueType: TASK_TYPES[takes],
  });
  return (pollers ?? []).map(({ identity }) => identity ?? '');
}
