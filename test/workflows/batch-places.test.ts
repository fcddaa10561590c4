/** Places of a batch follow the workers that take downloads, and batches share them. */
import { NativeConnection, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { batchActivities } from '../../src/activities/batch.js';
import { importWorkflowId, TASK_QUEUES } from '../../src/contract.js';
import type { Resources } from '../../src/resources.js';
import type { Telling } from '../../src/telling/index.js';
import type { importAll } from '../../src/workflows/index.js';
import { stubActivities } from '../helpers/stub-activities.js';
import { createTestNamespace, type TestNamespace } from '../helpers/test-namespace.js';
import { startOwnTemporal, type OwnTemporal } from '../helpers/own-temporal.js';
import { eventually } from '../helpers/eventually.js';
import { withWorkers } from '../helpers/workflow-workers.js';

let temporal: OwnTemporal;
let namespace: TestNamespace;
beforeAll(async () => {
  temporal = await startOwnTemporal({
    // As `temporal/dynamic-config.yaml` has it.
    ...{ 'matching.useNewMatcher': true, 'matching.enableFairness': true },
    // Of a queue in four parts, each is fair for itself: what few tasks get then is their luck.
    'matching.numTaskqueueReadPartitions': 1,
    'matching.numTaskqueueWritePartitions': 1,
  });
  namespace = await createTestNamespace(temporal.address);
});
afterAll(async () => {
  await namespace.close();
  await temporal.stop();
});

const start = (workflowId: string, input: Parameters<typeof importAll>[0] = {}) =>
  namespace.client.workflow.start<typeof importAll>('importAll', {
    ...{ taskQueue: TASK_QUEUES.control, workflowId, args: [input] },
  });

/** As it ships: it asks Temporal who polls the queue of the downloads. */
const { countPlaces } = batchActivities(
  {
    loadConfig: () => Promise.resolve({ settings: { max_parallel: 2 } }),
  } as unknown as Resources,
  {} as Telling,
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
  await withWorkers(namespace.name, activities, () => work().finally(letGo), temporal);
});

test('a small batch gets its share beside a wide one whose imports were waiting before', async () => {
  const wide = Array.from({ length: 40 }, (_none, index) => `wide${index}`);
  const few = ['few0', 'few1', 'few2'];
  const base = stubActivities().activities;
  let letGo = (): void => undefined;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  const order: string[] = [];
  const { activities } = stubActivities({
    downloadToCache: async (request) => {
      order.push(request.plan.entry.name);
      await held;
      return base.downloadToCache(request);
    },
  });
  // Its look at the sources done: that would wait for the only place, which is held.
  const startWindow = (workflowId: string, pending: readonly string[]) =>
    start(workflowId, {
      maxParallel: pending.length,
      continued: {
        ...{ total: pending.length, parallel: pending.length, pending },
        ...{ inFlight: [], counts: {} },
      },
    });
  const haveAsked = (names: readonly string[]) =>
    eventually(`the downloads of ${names.length} imports`, async () => {
      const asked = names.map(async (name) => {
        const handle = namespace.client.workflow.getHandle(importWorkflowId(name));
        const { raw } = await handle.describe();
        return (raw.pendingActivities ?? []).length > 0;
      });
      return (await Promise.all(asked).catch(() => [false])).every((is) => is);
    });
  const work = async (): Promise<void> => {
    await startWindow('wide', wide);
    await haveAsked(wide);
    const second = await startWindow('few', few);
    await haveAsked(few);
    letGo();
    expect(await second.result()).toMatchObject({ counts: { published: few.length } });
  };
  // One after another: who is next is what Temporal decides.
  await withWorkers(namespace.name, activities, () => work().finally(letGo), {
    ...{ address: temporal.address, downloads: 1 },
  });
  const last = Math.max(...few.map((name) => order.indexOf(name)));
  expect(last, order.join(' ')).toBeLessThan(wide.length / 2);
});
