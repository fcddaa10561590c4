/** Small datasets of a batch go through in three tasks; what fails there is done step by step, and nothing is asked twice. */
import { ApplicationFailure } from '@temporalio/common';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Activities } from '../../src/activities/index.js';
import { importWorkflowId, TASK_QUEUES } from '../../src/contract.js';
import type { importAll } from '../../src/workflows/index.js';
import { refuse } from '../helpers/started-import.js';
import { stubActivities } from '../helpers/stub-activities.js';
import { createTestNamespace, type TestNamespace } from '../helpers/test-namespace.js';
import { withWorkers } from '../helpers/workflow-workers.js';

let namespace: TestNamespace;
beforeAll(async () => {
  namespace = await createTestNamespace();
});
afterAll(() => namespace.close());

/** A batch of one dataset that weighs so much: its counts, the steps that were made, and the tasks that made them. */
async function importOf(dataset: string, totalBytes: number, changes: Partial<Activities> = {}) {
  const base = stubActivities().activities;
  const { activities, calls } = stubActivities({
    resolveSource: async (plan) => {
      const { pin } = await base.resolveSource(plan);
      return { pin: { ...pin, totalBytes } };
    },
    ...changes,
  });
  const { client } = namespace;
  const counts = await withWorkers(namespace.name, activities, async () => {
    const result = await client.workflow.execute<typeof importAll>('importAll', {
      ...{ taskQueue: TASK_QUEUES.control, workflowId: `import-all-${randomUUID()}` },
      args: [{ only: [dataset] }],
    });
    return result.counts;
  });
  const { events } = await client.workflow.getHandle(importWorkflowId(dataset)).fetchHistory();
  const tasks = (events ?? []).flatMap(
    ({ activityTaskScheduledEventAttributes: task }) => task?.activityType?.name ?? [],
  );
  return { counts, tasks, calls: calls.map((call) => call.split(':')[0]) };
}

test('a small one takes three tasks, and every step is made once', async () => {
  const { counts, tasks, calls } = await importOf('small', 1_000);
  expect(counts).toEqual({ published: 1 });
  expect(tasks).toEqual(['beginShort', 'publishShort', 'concludeShort']);
  expect(calls.filter((call) => !/batch|look|auth/i.test(call!))).toEqual([
    ...['recordStart', 'readEntry', 'downloadToCache', 'unpack'],
    ...['convertTable', 'convertTable', 'storeTable', 'storeTable', 'publish'],
    ...['writePointer', 'cleanUp', 'recordOutcome'],
  ]);
});

test('a large one is downloaded and converted step by step', async () => {
  const { counts, tasks } = await importOf('large', 1e9);
  expect(counts).toEqual({ published: 1 });
  expect(tasks.slice(0, 3)).toEqual(['beginShort', 'downloadToCache', 'unpack']);
});

test('what fails on the short way starts over from its download, and leaves nothing behind', async () => {
  const base = stubActivities().activities;
  let downloads = 0;
  let failures = 0;
  const removed: string[] = [];
  const { counts, tasks } = await importOf('unlucky', 1_000, {
    downloadToCache: async (request) => {
      downloads += 1;
      return { ...(await base.downloadToCache(request)), prefix: `prefix-${downloads}` };
    },
    storeTable: async (request) => {
      failures += 1;
      if (failures === 1) throw ApplicationFailure.create({ type: 'STORE_FAILED' });
      return base.storeTable(request);
    },
    removeUnpublished: async ({ prefix }) => void removed.push(prefix),
  });
  expect(counts).toEqual({ published: 1 });
  expect(tasks).toEqual([
    ...['beginShort', 'publishShort', 'resolveSource', 'downloadToCache', 'unpack'],
    ...['convertTable', 'convertTable', 'storeTable', 'storeTable', 'publish'],
    ...['writePointer', 'removeUnpublished', 'cleanUp', 'recordOutcome'],
  ]);
  expect(removed).toEqual(['prefix-1']);
});

test('what the source refuses is not asked for again', async () => {
  let asked = 0;
  const outcome = importOf('refused', 1_000, {
    resolveSource: async () => {
      asked += 1;
      return Promise.resolve(refuse('SOURCE_NOT_FOUND'));
    },
  });
  await expect(outcome).rejects.toMatchObject({ cause: { type: 'IMPORTS_FAILED' } });
  expect(asked).toBe(1);
});

test('what it had committed before it failed is found there, and not made again', async () => {
  const base = stubActivities().activities;
  let asked = 0;
  const { counts, tasks } = await importOf('committed', 1_000, {
    resolveSource: async (plan) => {
      const { pin } = await base.resolveSource(plan);
      asked += 1;
      const current = { prefix: 'own-prefix', tables: 2, rows: 10 };
      return { pin: { ...pin, totalBytes: 1_000 }, ...(asked > 1 && { current }) };
    },
    downloadToCache: async (request) => ({
      ...(await base.downloadToCache(request)),
      prefix: 'own-prefix',
    }),
    publish: () => Promise.reject(ApplicationFailure.create({ type: 'DATABASE_UNREACHABLE' })),
  });
  expect(counts).toEqual({ published: 1 });
  expect(tasks).toEqual([
    ...['beginShort', 'publishShort', 'resolveSource'],
    ...['writePointer', 'cleanUp', 'recordOutcome'],
  ]);
});
