/** Batches share what workers there are: places follow the workers, and no batch starves another. */
import { NativeConnection, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { batchActivities } from '../../src/activities/batch.js';
import { importWorkflowId, TASK_QUEUES } from '../../src/contract.js';
import type { Resources } from '../../src/resources.js';
import type { importAll } from '../../src/workflows/index.js';
import { HOST_QUEUE, stubActivities } from '../helpers/stub-activities.js';
import { createTestNamespace, type TestNamespace } from '../helpers/test-namespace.js';
import { eventually } from '../helpers/eventually.js';
import { withWorkers } from '../helpers/workflow-workers.js';

let namespace: TestNamespace;
beforeAll(async () => {
  namespace = await createTestNamespace();
});
afterAll(() => namespace.close());

const start = (workflowId: string, input: Parameters<typeof importAll>[0] = {}) =>
  namespace.client.workflow.start<typeof importAll>('importAll', {
    ...{ taskQueue: TASK_QUEUES.control, workflowId, args: [input] },
  });

/** As it ships: it asks Temporal who polls the queue of the downloads. */
const { countPlaces } = batchActivities(
  {
    loadConfig: () => Promise.resolve({ settings: { max_parallel: 2 } }),
  } as unknown as Resources,
  'namespace',
);

test('a batch takes more imports at once when workers join, of each as many as are configured', async () => {
  const names = Array.from({ length: 12 }, (_none, index) => `set${index}`);
  const base = stubActivities().activities;
  let letGo = (): void => undefined;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  let begun = 0;
  const { activities } = stubActivities({
    countPlaces,
    openBatch: () => Promise.resolve({ total: names.length, maxParallel: 2, maxWaitHours: 1 }),
    lookAtNext: () => Promise.resolve({ pending: names, counts: {}, recent: [] }),
    downloadToCache: async (request) => {
      begun += 1;
      await held;
      return base.downloadToCache(request);
    },
  });
  const work = async (): Promise<void> => {
    const handle = await start('import-all');
    await eventually('two imports', () => Promise.resolve(begun === 2));
    const connection = await NativeConnection.connect({ address: namespace.address });
    const joined = await Promise.all(
      ['second', 'third'].map((identity) =>
        Worker.create({
          ...{ connection, activities, identity, namespace: namespace.name },
          taskQueue: TASK_QUEUES.download,
          // The SDK takes two workers of one queue and build for a mistake; the server asks for no version here.
          workerDeploymentOptions: {
            useWorkerVersioning: false,
            version: { deploymentName: 'test', buildId: identity },
          },
        }),
      ),
    );
    const running = Promise.all(joined.map((worker) => worker.run()));
    try {
      await eventually('the places of three workers', () => Promise.resolve(begun === 6));
      letGo();
      expect(await handle.result()).toMatchObject({ counts: { published: names.length } });
    } finally {
      letGo();
      joined.forEach((worker) => worker.shutdown());
      await running;
      await connection.close();
    }
  };
  const hosts = [HOST_QUEUE, TASK_QUEUES.upkeep(HOST_QUEUE)];
  await withWorkers(namespace.name, activities, () => work().finally(letGo), hosts);
});

test('a small batch gets its share beside a wide one whose tasks were there before', async () => {
  const wide = Array.from({ length: 40 }, (_none, index) => `wide${index}`);
  const small = ['small0', 'small1', 'small2'];
  const base = stubActivities().activities;
  let letGo = (): void => undefined;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  const order: string[] = [];
  const selected = new Map<string, readonly string[]>();
  const { activities } = stubActivities({
    openBatch: ({ batchId, only }) => {
      selected.set(batchId, only!);
      return Promise.resolve({ total: only!.length, maxParallel: wide.length, maxWaitHours: 1 });
    },
    lookAtNext: ({ batchId }) =>
      Promise.resolve({ pending: selected.get(batchId)!, counts: {}, recent: [] }),
    downloadToCache: async (request) => {
      order.push(request.plan.entry.name);
      await held;
      return base.downloadToCache(request);
    },
  });
  /** All have asked for the only place there is. */
  const haveAsked = (names: readonly string[]) =>
    eventually(`the tasks of ${names.length} imports`, async () => {
      const asked = names.map(async (name) => {
        const { raw } = await namespace.client.workflow
          .getHandle(importWorkflowId(name))
          .describe();
        return raw.pendingActivities?.some(
          ({ activityType }) => activityType?.name === 'beginShort',
        );
      });
      return (await Promise.all(asked).catch(() => [false])).every((is) => is === true);
    });
  const work = async (): Promise<void> => {
    const first = await start('import-all-wide', { only: wide, maxParallel: wide.length });
    await haveAsked(wide);
    const second = await start('import-all-small', { only: small });
    await haveAsked(small);
    letGo();
    expect(await second.result()).toMatchObject({ counts: { published: small.length } });
    expect(await first.result()).toMatchObject({ counts: { published: wide.length } });
  };
  const hosts = [HOST_QUEUE, TASK_QUEUES.upkeep(HOST_QUEUE)];
  const { TEMPORAL_ADDRESS } = inject('stack');
  const until = () => work().finally(letGo);
  // One after another: who is next is what Temporal decides.
  await withWorkers(namespace.name, activities, until, hosts, TEMPORAL_ADDRESS, 1);
  const places = small.map((name) => order.indexOf(name));
  expect(Math.max(...places), order.join(' ')).toBeLessThan(wide.length / 2);
});
