/** importAll on a real Temporal server: no failure stops the others, and the batch tells the truth. */
import type { ApplicationFailure } from '@temporalio/common';
import { Context } from '@temporalio/activity';
import { WorkflowFailedError } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TASK_QUEUES, type ImportAllFailure, type ImportAllInput } from '../../src/contract.js';
import type { importAll } from '../../src/workflows/index.js';
import { runBatch } from '../helpers/run-batch.js';
import { refuse } from '../helpers/started-import.js';
import { stubActivities } from '../helpers/stub-activities.js';
import { createTestNamespace, type TestNamespace } from '../helpers/test-namespace.js';
import { withWorkers } from '../helpers/workflow-workers.js';

let namespace: TestNamespace;
beforeAll(async () => {
  namespace = await createTestNamespace();
});
afterAll(() => namespace.close());

const run = (input: ImportAllInput) => runBatch(namespace, input);

test('imports every dataset, asks for credentials once, and tells how many went how', async () => {
  const { activities, calls } = stubActivities();
  const result = await withWorkers(namespace.name, activities, () => run({}));
  expect(result).toMatchObject({ total: 3, counts: { published: 3 } });
  expect(calls.filter((call) => call === 'checkAuth')).toHaveLength(1);
  expect(calls.filter((call) => call.startsWith('publish:')).sort()).toEqual(
    ['a', 'b', 'c'].map((name) => `publish:${name}`),
  );
  expect(calls.slice(-2)).toEqual(['closeBatch:finished', 'tellBatch:finished']);
});

test('one failure stops nothing; the batch fails after all have ended, and tells people in one message', async () => {
  const { activities, calls } = stubActivities({
    unpack: async (request) =>
      request.plan.entry.name === 'a'
        ? refuse('LEDGER_MISMATCH')
        : stubActivities().activities.unpack(request),
  });
  const error: unknown = await withWorkers(namespace.name, activities, () =>
    run({}).catch((thrown: unknown) => thrown),
  );
  expect(error).toBeInstanceOf(WorkflowFailedError);
  const cause = (error as WorkflowFailedError).cause as ApplicationFailure;
  expect(cause.type).toBe('IMPORTS_FAILED');
  expect(cause.message).toBe('1 of 3 imports failed: broken0');
  expect(cause.details?.[1]).toMatchObject({
    ...{ total: 3, counts: { failed: 1, published: 2 } },
    failures: [{ dataset: 'broken0' }],
  } satisfies Partial<ImportAllFailure>);
  expect(calls).toContain('publish:c');
  expect(calls).not.toContain('notify:a');
  expect(calls.slice(-2)).toEqual(['closeBatch:finished', 'tellBatch:finished']);
});

test('refused credentials are the trouble of those that need them: the others are imported', async () => {
  const code = 'CREDENTIALS_REJECTED';
  const summary = { code, message: `no: ${code}`, nextStep: 'Do this.' };
  const base = stubActivities();
  const { activities, calls } = stubActivities({
    checkAuth: async () => refuse(code),
    lookAtNext: async (request) => {
      expect(request.refused).toEqual(summary);
      const found = await activities.openBatch({ batchId: '', startedAt: '' });
      return found.total === 1
        ? { pending: [], counts: { failed: 1 }, recent: [] }
        : { pending: ['free'], counts: { failed: 2 }, recent: [] };
    },
    openBatch: (request) =>
      base.activities.openBatch(request.only ? request : { ...request, only: only() }),
  });
  let only = (): string[] => ['needs', 'needs2', 'free'];
  await withWorkers(namespace.name, activities, async () => {
    const some = await run({}).catch((error: WorkflowFailedError) => error.cause);
    expect(some).toMatchObject({ type: 'IMPORTS_FAILED' });
    expect(calls).toContain('publish:free');
    only = () => ['needs'];
    const all = await run({}).catch((error: WorkflowFailedError) => error.cause);
    expect(all).toMatchObject({ type: code, details: [summary] });
    expect(calls.slice(-2)).toEqual(['closeBatch:failed', 'tellBatch:failed']);
  });
});

test('a batch that cannot begin is recorded and told, with its reason', async () => {
  const { activities, calls } = stubActivities({
    openBatch: async () => refuse('DATASET_UNKNOWN'),
  });
  const cause: unknown = await withWorkers(namespace.name, activities, () =>
    run({ only: ['x'] }).catch((error: WorkflowFailedError) => error.cause),
  );
  expect(cause).toMatchObject({
    type: 'DATASET_UNKNOWN',
    details: [{ code: 'DATASET_UNKNOWN', nextStep: 'Do this.' }],
  });
  expect(calls).toEqual(['closeBatch:failed', 'tellBatch:failed']);
});

test('a cancelled batch cancels its imports, and ends when they have', async () => {
  let begun = (): void => undefined;
  const downloading = new Promise<void>((resolve) => (begun = resolve));
  const { activities, calls } = stubActivities({
    downloadToCache: async () => {
      begun();
      const context = Context.current();
      const beat = setInterval(() => context.heartbeat(), 200);
      return context.cancelled.finally(() => clearInterval(beat));
    },
  });
  await withWorkers(namespace.name, activities, async () => {
    const handle = await namespace.client.workflow.start<typeof importAll>('importAll', {
      ...{ taskQueue: TASK_QUEUES.control, workflowId: `import-all-${randomUUID()}` },
      args: [{ only: ['stopped'] }],
    });
    await downloading;
    await handle.cancel();
    await expect(handle.result()).rejects.toThrow(WorkflowFailedError);
    expect((await handle.describe()).status.name).toBe('CANCELLED');
    const child = await namespace.client.workflow.getHandle('import:stopped').describe();
    expect(child.status.name).toBe('CANCELLED');
    expect(calls.slice(-2)).toEqual(['closeBatch:cancelled', 'tellBatch:cancelled']);
  });
});

test('a dataset that is being imported already is said to be, and is no failure', async () => {
  let letGo = (): void => undefined;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  const base = stubActivities();
  const { activities, calls } = stubActivities({
    publish: async (request) => {
      await held;
      return base.activities.publish(request);
    },
  });
  await withWorkers(namespace.name, activities, async () => {
    const handle = await namespace.client.workflow.start('importDataset', {
      taskQueue: TASK_QUEUES.control,
      workflowId: 'import:solo',
      args: [{ dataset: 'solo' }],
    });
    const { counts } = await run({ only: ['solo'] });
    expect(counts).toEqual({ 'already-running': 1 });
    expect(calls).toContain('leaveBatch:solo:already-running');
    letGo();
    await handle.result();
  });
});

test('no more than maxParallel imports run at a time', async () => {
  let [begun, most] = [0, 0];
  const running: (() => void)[] = [];
  const base = stubActivities();
  const { activities } = stubActivities({
    downloadToCache: async (request) => {
      begun += 1;
      await new Promise<void>((resolve) => {
        running.push(resolve);
        most = Math.max(most, running.length);
        // Two at a time end together, after a moment in which a third could begin.
        if (begun % 2 === 0) setTimeout(() => running.splice(0).forEach((end) => end()), 200);
      });
      return base.activities.downloadToCache(request);
    },
  });
  const only = ['p1', 'p2', 'p3', 'p4'];
  await withWorkers(namespace.name, activities, () => run({ only, maxParallel: 2 }));
  expect(most).toBe(2);
});

test('a batch that is told to run none at a time runs one', async () => {
  const { activities } = stubActivities();
  const { counts } = await withWorkers(namespace.name, activities, () =>
    run({ only: ['slow1', 'slow2'], maxParallel: 0 }),
  );
  expect(counts).toEqual({ published: 2 });
});
