/** importDataset on a real Temporal server: the order of the steps, and what happens when one fails. */
import { ApplicationFailure } from '@temporalio/common';
import { WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { Context } from '@temporalio/activity';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Activities } from '../../src/activities/index.js';
import {
  PROGRESS_QUERY,
  RETRY_NOW_SIGNAL,
  TASK_QUEUES,
  type ImportDatasetInput,
  type ImportProgress,
} from '../../src/contract.js';
import type { importDataset } from '../../src/workflows/index.js';
import { HOST_QUEUE, planFor, stubActivities } from '../helpers/stub-activities.js';
import { createTestNamespace, type TestNamespace } from '../helpers/test-namespace.js';
import { withWorkers } from '../helpers/workflow-workers.js';

let namespace: TestNamespace;
beforeAll(async () => {
  namespace = await createTestNamespace();
});
afterAll(() => namespace.close());

type Handle = WorkflowHandle<typeof importDataset>;

async function start(input: Partial<ImportDatasetInput> = {}): Promise<Handle> {
  return namespace.client.workflow.start<typeof importDataset>('importDataset', {
    taskQueue: TASK_QUEUES.control,
    workflowId: `import:${randomUUID()}`,
    args: [{ dataset: 'iris', ...input }],
  });
}

async function failureOf(handle: Handle): Promise<ApplicationFailure> {
  const error: unknown = await handle.result().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(WorkflowFailedError);
  return (error as WorkflowFailedError).cause as ApplicationFailure;
}

const refuse = (type: string, nonRetryable = true): never => {
  const summary = { code: type, message: `no: ${type}`, nextStep: 'Do this.' };
  throw ApplicationFailure.create({
    type,
    message: summary.message,
    nonRetryable,
    details: [summary],
  });
};

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 50));
}

const stageOf = async (handle: Handle): Promise<string | undefined> =>
  (await handle.query<ImportProgress>(PROGRESS_QUERY).catch(() => undefined))?.stage;

test('goes from the configuration line to the published version, then cleans up', async () => {
  const { activities, calls } = stubActivities();
  const result = await withWorkers(namespace.name, activities, async () =>
    (await start()).result(),
  );
  expect(result).toMatchObject({
    outcome: 'published',
    version: '3',
    tables: 3,
    carriedOver: 1,
    rows: 6,
    sourceBytes: 30,
    parquetBytes: 10,
    transferredBytes: 20,
    cacheHit: false,
  });
  const order = [
    'recordStart:iris',
    'readEntry:iris',
    'checkAuth',
    'resolveSource:iris',
    'downloadToCache:iris',
    'unpack:iris',
  ];
  expect(calls.slice(0, 6)).toEqual(order);
  expect(calls.indexOf('storeTable:one')).toBeGreaterThan(calls.indexOf('convertTable:one'));
  const end = ['publish:iris', 'writePointer:iris', 'cleanUp:iris', 'recordOutcome:published'];
  expect(calls.slice(-4)).toEqual(end);
});

test('ends as up-to-date without a download when version and configuration are published', async () => {
  const base = stubActivities();
  const { activities, calls } = stubActivities({
    resolveSource: async (plan) => ({
      ...(await base.activities.resolveSource(plan)),
      current: { prefix: 'datasets/iris/v3-x', tables: 2, rows: 9 },
    }),
  });
  const result = await withWorkers(namespace.name, activities, async () =>
    (await start()).result(),
  );
  expect(result).toMatchObject({ outcome: 'up-to-date', rows: 9, transferredBytes: 0 });
  expect(calls).not.toContain('downloadToCache:iris');
  // A killed import may have published without it.
  expect(calls).toContain('writePointer:iris');

  const forced = await withWorkers(namespace.name, activities, async () =>
    (await start({ force: true })).result(),
  );
  expect(forced.outcome).toBe('published');
});

test('a failed conversion publishes nothing, cleans up, is recorded and told', async () => {
  const { activities, calls } = stubActivities({
    convertTable: async () => refuse('LEDGER_MISMATCH'),
  });
  const failure = await withWorkers(namespace.name, activities, async () =>
    failureOf(await start()),
  );
  expect(failure.type).toBe('LEDGER_MISMATCH');
  expect(failure.details?.[0]).toMatchObject({ nextStep: 'Do this.' });
  expect(calls).not.toContain('publish:iris');
  expect(calls.slice(-4)).toEqual([
    'removeUnpublished:datasets/iris/v3-00000000',
    'cleanUp:iris',
    'recordOutcome:failed',
    'notify:iris',
  ]);
});

test('a failing notification or clean-up never fails an import', async () => {
  const { activities } = stubActivities({ cleanUp: async () => refuse('DISK_FULL') });
  const result = await withWorkers(namespace.name, activities, async () =>
    (await start()).result(),
  );
  expect(result.outcome).toBe('published');
});

test('once published an import cannot be cancelled, and a pointer left behind is a warning', async () => {
  const { activities, calls } = stubActivities({
    writePointer: async () => {
      const { workflowId } = Context.current().info.workflowExecution!;
      await namespace.client.workflow.getHandle(workflowId).cancel();
      return refuse('STORE_FORBIDDEN');
    },
  });
  const result = await withWorkers(namespace.name, activities, async () =>
    (await start()).result(),
  );
  expect(result.outcome).toBe('published');
  expect(result.warnings.join()).toContain('STORE_FORBIDDEN');
  expect(calls.at(-1)).toBe('recordOutcome:published');
});

test('starts over from the download when the files are gone, three times at most', async () => {
  let losses = 0;
  const lost: Partial<Activities> = {
    unpack: async (request) => {
      losses += 1;
      if (losses < 3) refuse('CACHE_ENTRY_MISSING');
      return stubActivities().activities.unpack(request);
    },
  };
  const { activities, calls } = stubActivities(lost);
  const result = await withWorkers(namespace.name, activities, async () =>
    (await start()).result(),
  );
  expect(result.outcome).toBe('published');
  expect(calls.filter((call) => call === 'downloadToCache:iris')).toHaveLength(3);

  const hopeless = stubActivities({ unpack: async () => refuse('CACHE_ENTRY_MISSING') });
  const failure = await withWorkers(namespace.name, hopeless.activities, async () =>
    failureOf(await start()),
  );
  expect(failure.type).toBe('CACHE_ENTRY_MISSING');
});

test('waits visibly for a person, and goes on when told to retry', async () => {
  let accepted = false;
  const base = stubActivities();
  const { activities } = stubActivities({
    resolveSource: async (plan) =>
      accepted ? base.activities.resolveSource(plan) : refuse('RULES_NOT_ACCEPTED'),
  });
  await withWorkers(namespace.name, activities, async () => {
    const handle = await start();
    await until(async () => (await stageOf(handle)) === 'waiting');
    const progress = await handle.query<ImportProgress>(PROGRESS_QUERY);
    expect(progress.waitingFor).toContain('Do this.');
    accepted = true;
    await handle.signal(RETRY_NOW_SIGNAL);
    expect((await handle.result()).outcome).toBe('published');
  });
});

test('gives up waiting after max_wait_hours', async () => {
  const { activities } = stubActivities({
    readEntry: async ({ dataset }) => planFor(dataset, { max_wait_hours: 0.0001 }),
    resolveSource: async () => refuse('DATASET_NOT_READY'),
  });
  const failure = await withWorkers(namespace.name, activities, async () =>
    failureOf(await start()),
  );
  expect(failure.type).toBe('WAITED_TOO_LONG');
});

test('cancelling waits for the running step, then cleans up and records it', async () => {
  let stopped = false;
  const { activities, calls } = stubActivities({
    convertTable: async () => {
      const context = Context.current();
      const beat = setInterval(() => context.heartbeat(), 200);
      try {
        return await context.cancelled;
      } finally {
        clearInterval(beat);
        await new Promise((resolve) => setTimeout(resolve, 300));
        stopped = true;
      }
    },
    cleanUp: async () => {
      calls.push(`cleanUp after stop: ${stopped}`);
    },
  });
  await withWorkers(namespace.name, activities, async () => {
    const handle = await start();
    await until(async () => (await stageOf(handle)) === 'converting');
    await handle.cancel();
    await expect(handle.result()).rejects.toThrow();
    expect((await handle.describe()).status.name).toBe('CANCELLED');
  });
  expect(calls).toContain('cleanUp after stop: true');
  expect(calls.at(-1)).toBe('recordOutcome:cancelled');
  expect(calls).not.toContain('publish:iris');
});

test('can be found by its search attributes and shows its stage', async () => {
  const { activities } = stubActivities();
  await withWorkers(namespace.name, activities, async () => {
    const handle = await start();
    await handle.result();
    const { searchAttributes } = await handle.describe();
    expect(searchAttributes).toMatchObject({
      KaggleDataset: ['iris'],
      ImportStage: ['done'],
      ImportOutcome: ['published'],
    });
  });
});

test('the host queue is the one the download named', async () => {
  const seen: string[] = [];
  const base = stubActivities();
  const { activities } = stubActivities({
    publish: async (request) => {
      seen.push(Context.current().info.taskQueue);
      return base.activities.publish(request);
    },
  });
  await withWorkers(namespace.name, activities, async () => (await start()).result());
  expect(seen).toEqual([HOST_QUEUE]);
});
