/** importDataset on a real Temporal server, when a step fails, a person is needed, or it is cancelled. */
import { Context } from '@temporalio/activity';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Activities } from '../../src/activities/index.js';
import { PROGRESS_QUERY, RETRY_NOW_SIGNAL, type ImportProgress } from '../../src/contract.js';
import { importFailure, refuse, startImport, untilStage } from '../helpers/started-import.js';
import { planFor, stubActivities } from '../helpers/stub-activities.js';
import { createTestNamespace, type TestNamespace } from '../helpers/test-namespace.js';
import { withWorkers } from '../helpers/workflow-workers.js';

let namespace: TestNamespace;
beforeAll(async () => {
  namespace = await createTestNamespace();
});
afterAll(() => namespace.close());

const start = () => startImport(namespace.client);

test('a failed conversion publishes nothing, cleans up, is recorded and told', async () => {
  const { activities, calls } = stubActivities({
    convertTable: async () => refuse('LEDGER_MISMATCH'),
  });
  const failure = await withWorkers(namespace.name, activities, async () =>
    importFailure(await start()),
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

test('a source that changes before its files are listed is pinned anew, three times at most', async () => {
  const changing = async (times: number) => {
    const base = stubActivities();
    let left = times;
    const stubs = stubActivities({
      downloadToCache: async (request) => {
        left -= 1;
        if (left >= 0) refuse('SOURCE_CHANGED');
        return base.activities.downloadToCache(request);
      },
    });
    const pins = () => stubs.calls.filter((call) => call === 'resolveSource:iris').length;
    const ended = await withWorkers(namespace.name, stubs.activities, async () =>
      (await start()).result().then(
        ({ outcome }) => outcome,
        () => 'failed',
      ),
    );
    return [ended, pins()];
  };
  expect(await changing(2)).toEqual(['published', 3]);
  expect(await changing(9)).toEqual(['failed', 3]);
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
    importFailure(await start()),
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
    await untilStage(handle, 'waiting');
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
    importFailure(await start()),
  );
  expect(failure.type).toBe('WAITED_TOO_LONG');
});

test('cancelling waits for the running step, then cleans up and records it', async () => {
  let stopped = false;
  let begin = (): void => undefined;
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const { activities, calls } = stubActivities({
    convertTable: async () => {
      const context = Context.current();
      begin();
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
    // Not only scheduled: a step that nobody has taken yet is dropped.
    await begun;
    await handle.cancel();
    await expect(handle.result()).rejects.toThrow();
    expect((await handle.describe()).status.name).toBe('CANCELLED');
  });
  expect(calls).toContain('cleanUp after stop: true');
  expect(calls.at(-1)).toBe('recordOutcome:cancelled');
  expect(calls).not.toContain('publish:iris');
});

test('cancelled while a step fails for another reason, an import ends cancelled', async () => {
  let begin = (): void => undefined;
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const { activities, calls } = stubActivities({
    convertTable: async () => {
      const context = Context.current();
      begin();
      const beat = setInterval(() => context.heartbeat(), 200);
      await context.cancelled.catch(() => clearInterval(beat));
      return refuse('LEDGER_MISMATCH');
    },
  });
  await withWorkers(namespace.name, activities, async () => {
    const handle = await start();
    await begun;
    await handle.cancel();
    await expect(handle.result()).rejects.toThrow();
    expect((await handle.describe()).status.name).toBe('CANCELLED');
  });
  expect(calls.at(-1)).toBe('recordOutcome:cancelled');
});
