/** Whether a worker is there to take what a command starts. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { TASK_QUEUES } from '../contract.js';
import { ImportError } from '../errors/index.js';
import { pollersOf } from '../temporal/pollers.js';
import type { CommandContext } from './context.js';

const LOOK_EVERY_MS = 200;
/** After an outage of the server, a worker waits for up to 10 s before it asks again (the SDK's longest pause). */
const PATIENCE_MS = 15_000;

export async function hasWorker(client: Client, namespace: string): Promise<boolean> {
  const queue = { name: TASK_QUEUES.control, takes: 'workflows' } as const;
  return (await pollersOf(client, namespace, queue)).length > 0;
}

/**
 * Nothing moves without a worker: better said soon than waited for. Throws WORKER_MISSING, but not for a worker
 * that starts together with this command, or whose server has just been started again.
 */
export async function requireWorker(
  client: Client,
  namespace: string,
  { note, signal }: Pick<CommandContext, 'note' | 'signal'>,
  patienceMs = PATIENCE_MS,
): Promise<void> {
  const deadline = Date.now() + patienceMs;
  for (let looks = 1; !(await hasWorker(client, namespace)); looks += 1) {
    if (Date.now() > deadline) {
      throw new ImportError('WORKER_MISSING', { place: `task queue ${TASK_QUEUES.control}` });
    }
    if (looks === 2) note('Waiting for a worker to take tasks ...');
    await sleep(LOOK_EVERY_MS, undefined, { signal });
  }
}
