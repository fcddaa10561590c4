/** Workers for all three queues in one test process, with the bundle that ships. */
import { access } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { inject } from 'vitest';
import type { Activities } from '../../src/activities/index.js';
import { TASK_QUEUES } from '../../src/contract.js';
import { CONTROL_ACTIVITIES } from '../../src/create-workers.js';
import { HOST_QUEUE } from './stub-activities.js';

// Once a process, before any worker: the SDK's own remarks would drown the test report.
Runtime.install({
  logger: new DefaultLogger('ERROR', () => undefined),
  telemetryOptions: { logging: { filter: 'OFF', forward: {} } },
});

export const workflowBundle = {
  codePath: fileURLToPath(new URL('../../dist/workflow-bundle.js', import.meta.url)),
};

interface Arrangement {
  /** Of one host, unless said. */
  readonly hostQueues?: readonly string[];
  readonly address?: string;
  /** Downloads and questions to sources at once. */
  readonly downloads?: number;
}

/** Runs `use` while the workers run; stops them whatever happens. */
export async function withWorkers<Result>(
  namespace: string,
  activities: Activities,
  use: () => Promise<Result>,
  {
    hostQueues = [HOST_QUEUE, TASK_QUEUES.upkeep(HOST_QUEUE)],
    address = inject('stack').TEMPORAL_ADDRESS,
    downloads,
  }: Arrangement = {},
): Promise<Result> {
  await access(workflowBundle.codePath).catch(() => {
    throw new Error('dist/workflow-bundle.js is missing: run `make install` first.');
  });
  const connection = await NativeConnection.connect({ address });
  const common = {
    ...{ connection, namespace, activities },
    // As the worker that ships: a cancellation is heard with the next heartbeat.
    maxHeartbeatThrottleInterval: '5 seconds',
  } as const;
  const workers = await Promise.all([
    Worker.create({
      ...{ ...common, taskQueue: TASK_QUEUES.control, workflowBundle },
      maxConcurrentActivityTaskExecutions: CONTROL_ACTIVITIES,
    }),
    Worker.create({
      ...{ ...common, taskQueue: TASK_QUEUES.download },
      ...(downloads !== undefined && { maxConcurrentActivityTaskExecutions: downloads }),
    }),
    ...hostQueues.map((taskQueue) => Worker.create({ ...common, taskQueue })),
  ]);
  const running = Promise.all(workers.map((worker) => worker.run()));
  try {
    return await use();
  } finally {
    workers.forEach((worker) => worker.shutdown());
    await running;
    await connection.close();
  }
}
