/** Small datasets of a batch never wait for large ones: whatever the order, large ones leave places to them. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TASK_QUEUES } from '../../src/contract.js';
import { createBatchOrder } from '../../src/workflows/batch-order.js';
import type { importAll } from '../../src/workflows/index.js';
import { stubActivities } from '../helpers/stub-activities.js';
import { createTestNamespace, type TestNamespace } from '../helpers/test-namespace.js';
import { withWorkers } from '../helpers/workflow-workers.js';

let namespace: TestNamespace;
beforeAll(async () => {
  namespace = await createTestNamespace();
});
afterAll(() => namespace.close());

const LARGE = ['large1', 'large2', 'large3', 'large4'];
const SMALL = ['small1', 'small2', 'small3', 'small4', 'small5'];

test('small ones are all published while large ones are still downloaded', async () => {
  const base = stubActivities().activities;
  let letGo = (): void => undefined;
  const smallOnesDone = new Promise<void>((resolve) => (letGo = resolve));
  const left = new Set(SMALL);
  /** Small ones that had not ended when a third large one began: three of four places are taken. */
  let notEnded = 0;
  let atOnce = 0;
  const { activities } = stubActivities({
    openBatch: () => Promise.resolve({ total: 9, maxParallel: 4, maxWaitHours: 1 }),
    lookAtNext: () =>
      Promise.resolve({ pending: [...LARGE, ...SMALL], large: LARGE, counts: {}, recent: [] }),
    downloadToCache: async (request) => {
      if (!LARGE.includes(request.plan.entry.name)) return base.downloadToCache(request);
      atOnce += 1;
      if (atOnce > 2) notEnded = Math.max(notEnded, left.size);
      await smallOnesDone;
      atOnce -= 1;
      return base.downloadToCache(request);
    },
    recordOutcome: ({ result }) => {
      left.delete(result.dataset);
      if (left.size === 0) letGo();
      return Promise.resolve();
    },
  });
  const { counts } = await withWorkers(namespace.name, activities, () =>
    namespace.client.workflow
      .execute<typeof importAll>('importAll', {
        ...{ taskQueue: TASK_QUEUES.control, workflowId: `import-all-${randomUUID()}` },
        args: [{}],
      })
      .finally(letGo),
  );
  expect(counts).toEqual({ published: 9 });
  expect(notEnded).toBeLessThanOrEqual(1);
});

test('large ones take half of the places, and all of them once nothing else is left', () => {
  const order = createBatchOrder(4, { pending: [...LARGE, 'small1'], large: LARGE });
  const take = () => order.take(false);
  expect([take(), take(), take(), take()]).toEqual(['large1', 'large2', 'small1', 'large3']);
  expect(order.large).toEqual(LARGE);
  order.ended('large1');
  expect(order.pending).toEqual(['large4']);
  // More are to be looked at, and may be small.
  expect(order.take(true)).toBeUndefined();
  expect(order.wantsMore()).toBe(true);
  expect(take()).toBe('large4');
});

test('a single place is for whoever is next', () => {
  const order = createBatchOrder(1, { pending: ['small1', ...LARGE], large: LARGE });
  expect([order.take(true), order.take(true)]).toEqual(['small1', 'large1']);
});

test('what a run of the batch before has begun keeps its place', () => {
  const order = createBatchOrder(2, { pending: ['large2', 'small1'], large: ['large1', 'large2'] });
  order.begun('large1');
  expect(order.take(true)).toBe('small1');
  expect(order.take(true)).toBeUndefined();
  order.ended('large1');
  expect(order.take(true)).toBe('large2');
});
