/** importAll on a real Temporal server: no failure stops the others, and the batch tells the truth. */
import { ApplicationFailure } from '@temporalio/common';
import { Context } from '@temporalio/activity';
import { WorkflowFailedError } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  RETRY_NOW_SIGNAL,
  TASK_QUEUES,
  type ImportAllFailure,
  type ImportAllInput,
  type ImportAllResult,
} from '../../src/contract.js';
import type { ImportPlan } from '../../src/activities/prepare.js';
import type { importAll } from '../../src/workflows/index.js';
import { refuse as refuseWith } from '../helpers/started-import.js';
import { stubActivities } from '../helpers/stub-activities.js';
import { createTestNamespace, type TestNamespace } from '../helpers/test-namespace.js';
import { withWorkers } from '../helpers/workflow-workers.js';

let namespace: TestNamespace;
beforeAll(async () => {
  namespace = await createTestNamespace();
});
afterAll(() => namespace.close());

async function run(input: ImportAllInput): Promise<ImportAllResult> {
  return namespace.client.workflow.execute<typeof importAll>('importAll', {
    taskQueue: TASK_QUEUES.control,
    workflowId: `import-all-${randomUUID()}`,
    args: [input],
  });
}

const refuse = (): never => {
  const summary = { code: 'LEDGER_MISMATCH', message: 'rows differ', nextStep: 'Do this.' };
  throw ApplicationFailure.create({ type: summary.code, nonRetryable: true, details: [summary] });
};

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
      request.plan.entry.name === 'a' ? refuse() : stubActivities().activities.unpack(request),
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
  const summary = { code: 'CREDENTIALS_REJECTED', message: 'no', nextStep: 'Do this.' };
  const checkAuth = async (): Promise<never> => {
    throw ApplicationFailure.create({ type: summary.code, nonRetryable: true, details: [summary] });
  };
  const base = stubActivities();
  const { activities, calls } = stubActivities({
    checkAuth,
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
    expect(all).toMatchObject({ type: summary.code, details: [summary] });
    expect(calls.slice(-2)).toEqual(['closeBatch:failed', 'tellBatch:failed']);
  });
});

test('a batch that cannot begin is recorded and told, with its reason', async () => {
  const summary = { code: 'DATASET_UNKNOWN', message: 'no such', nextStep: 'Look.' };
  const { activities, calls } = stubActivities({
    openBatch: async () => {
      throw ApplicationFailure.create({
        ...{ type: summary.code, nonRetryable: true, details: [summary] },
      });
    },
  });
  const cause: unknown = await withWorkers(namespace.name, activities, () =>
    run({ only: ['x'] }).catch((error: WorkflowFailedError) => error.cause),
  );
  expect(cause).toMatchObject({ type: summary.code, details: [summary] });
  expect(calls).toEqual(['closeBatch:failed', 'tellBatch:failed']);
});

test('a batch is done without the dataset that waits, which goes on by itself', async () => {
  let ready = false;
  const base = stubActivities();
  const { activities, calls } = stubActivities({
    resolveSource: async (plan) => {
      const summary = { code: 'DATASET_NOT_READY', message: 'not yet', nextStep: 'Wait.' };
      if (plan.entry.name === 'late' && !ready) {
        throw ApplicationFailure.create({
          ...{ type: summary.code, nonRetryable: true, details: [summary] },
        });
      }
      return base.activities.resolveSource(plan);
    },
  });
  await withWorkers(namespace.name, activities, async () => {
    const only = ['late', 'x1', 'x2', 'x3'];
    const { counts } = await run({ only, maxParallel: 1 });
    expect(counts).toEqual({ waiting: 1, published: 3 });
    expect(calls).toContain('leaveBatch:late:waiting');
    const late = namespace.client.workflow.getHandle('import:late');
    expect((await late.describe()).status.name).toBe('RUNNING');
    ready = true;
    // The next night joins it, and it looks again.
    expect((await run({ only: ['late'] })).counts).toEqual({ 'already-running': 1 });
    expect(await late.result()).toMatchObject({ outcome: 'published' });
  });
});

test('room on a disk is waited for outside of the batch, wherever it was wanting', async () => {
  const full = new Set(['loading', 'converting']);
  const { downloadToCache, convertTable } = stubActivities().activities;
  const isFull = (where: string, { entry }: ImportPlan) => entry.name === where && full.has(where);
  const { activities } = stubActivities({
    downloadToCache: async (request) =>
      isFull('loading', request.plan) ? refuseWith('DISK_FULL') : downloadToCache(request),
    convertTable: async (request) =>
      isFull('converting', request.plan) ? refuseWith('DISK_FULL') : convertTable(request),
  });
  await withWorkers(namespace.name, activities, async () => {
    const { counts } = await run({ only: [...full, 'other'], maxParallel: 1 });
    expect(counts).toEqual({ waiting: 2, published: 1 });
    for (const name of full) {
      full.delete(name);
      const waiting = namespace.client.workflow.getHandle(`import:${name}`);
      await waiting.signal(RETRY_NOW_SIGNAL);
      expect(await waiting.result()).toMatchObject({ outcome: 'published' });
    }
  });
});

test('an import that a batch has gone on without tells of its failure itself', async () => {
  const base = stubActivities();
  let asked = 0;
  const { activities, calls } = stubActivities({
    resolveSource: async (plan) => {
      const code = asked === 0 ? 'DATASET_NOT_READY' : 'SOURCE_NOT_FOUND';
      asked += 1;
      if (plan.entry.name !== 'lost') return base.activities.resolveSource(plan);
      const summary = { code, message: 'no', nextStep: 'Look.' };
      throw ApplicationFailure.create({ type: code, nonRetryable: true, details: [summary] });
    },
  });
  await withWorkers(namespace.name, activities, async () => {
    expect((await run({ only: ['lost'] })).counts).toEqual({ waiting: 1 });
    expect(calls).not.toContain('notify:lost');
    const lost = namespace.client.workflow.getHandle('import:lost');
    await lost.signal(RETRY_NOW_SIGNAL);
    await expect(lost.result()).rejects.toMatchObject({ cause: { type: 'SOURCE_NOT_FOUND' } });
    expect(calls).toContain('notify:lost');
  });
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
