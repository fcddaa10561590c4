/** importDataset when the host with the files takes no tasks: a busy one is waited for, a gone one given up. */
import type { WorkflowFailedError } from '@temporalio/client';
import type { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Activities } from '../../src/activities/index.js';
import { importWorkflowId, TASK_QUEUES } from '../../src/contract.js';
import type { importDataset } from '../../src/workflows/index.js';
import { HOST_QUEUE, planFor, stubActivities, type Stubs } from '../helpers/stub-activities.js';
import { createTestNamespace, type TestNamespace } from '../helpers/test-namespace.js';
import { withWorkers } from '../helpers/workflow-workers.js';

const GONE = TASK_QUEUES.host('gone');
/** Nobody answers for it, however long it is waited for. */
const ONE_SECOND = { host_lost_after_minutes: 1 / 60 };
/** Time enough for a host that is there, on a busy machine. */
const EIGHT_SECONDS = { host_lost_after_minutes: 8 / 60 };

let namespace: TestNamespace;
beforeAll(async () => {
  namespace = await createTestNamespace();
});
afterAll(() => namespace.close());

const run = () =>
  namespace.client.workflow.execute<typeof importDataset>('importDataset', {
    taskQueue: TASK_QUEUES.control,
    workflowId: importWorkflowId('iris'),
    args: [{ dataset: 'iris' }],
  });

/** Each download lands on the next of these hosts, the last one for ever. */
function stubsOn(
  hostQueues: readonly string[],
  settings: object,
  changes: Partial<Activities> = {},
): Stubs {
  let downloads = 0;
  const stubs = stubActivities();
  const download = stubs.activities.downloadToCache;
  Object.assign(stubs.activities, {
    readEntry: async ({ dataset }: { dataset: string }) => planFor(dataset, settings),
    downloadToCache: async (request: Parameters<typeof download>[0]) => {
      const hostQueue = hostQueues[Math.min(downloads, hostQueues.length - 1)]!;
      downloads += 1;
      return { ...(await download(request)), hostQueue };
    },
    ...changes,
  });
  return stubs;
}

const downloadsIn = ({ calls }: Stubs): number =>
  calls.filter((call) => call.startsWith('downloadToCache')).length;

test('a host that is gone is given up, and another one does the whole work', async () => {
  const stubs = stubsOn([GONE, HOST_QUEUE], EIGHT_SECONDS);
  const result = await withWorkers(namespace.name, stubs.activities, run);
  expect(result.outcome).toBe('published');
  expect(downloadsIn(stubs)).toBe(2);
  expect(stubs.calls).toContain('cleanUp:iris');
});

test('after three hosts the import fails, and says so', async () => {
  const stubs = stubsOn([GONE], ONE_SECOND);
  const error: unknown = await withWorkers(namespace.name, stubs.activities, () =>
    run().catch((thrown: unknown) => thrown),
  );
  const failure = (error as WorkflowFailedError).cause as ApplicationFailure;
  expect(failure.type).toBe('HOSTS_LOST');
  expect(failure.details?.[0]).toMatchObject({ nextStep: expect.stringContaining('workers') });
  expect(downloadsIn(stubs)).toBe(3);
});

test('a host that is only busy keeps its import', async () => {
  let free = (): void => undefined;
  const untilFree = new Promise<void>((resolve) => (free = resolve));
  let answers = 0;
  const stubs = stubsOn([HOST_QUEUE], EIGHT_SECONDS, {
    // Twice asked and alive both times: then it gets to the tasks that waited.
    answer: async () => {
      answers += 1;
      if (answers === 2) free();
    },
  });
  const result = await withWorkers(
    namespace.name,
    stubs.activities,
    async () => {
      const running = run();
      await untilFree;
      return withWorkers(namespace.name, stubs.activities, () => running);
    },
    { hostQueues: [TASK_QUEUES.upkeep(HOST_QUEUE)] },
  );
  expect(result.outcome).toBe('published');
  expect(answers).toBeGreaterThanOrEqual(2);
  expect(downloadsIn(stubs)).toBe(1);
});
