/** A batch of hundreds that continues as new: its window does not drain, nothing is imported twice, payloads stay small. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  PROGRESS_QUERY,
  TASK_QUEUES,
  type BatchState,
  type ImportAllProgress,
} from '../../src/contract.js';
import { CONTROL_ACTIVITIES } from '../../src/create-workers.js';
import { batchActivities } from '../../src/activities/batch.js';
import type { Resources } from '../../src/resources.js';
import type { Telling } from '../../src/telling/index.js';
import type { importAll } from '../../src/workflows/index.js';
import { eventually } from '../helpers/eventually.js';
import { startShortHistories, type OwnTemporal } from '../helpers/own-temporal.js';
import { stubActivities } from '../helpers/stub-activities.js';
import { createTestNamespace, type TestNamespace } from '../helpers/test-namespace.js';
import { withWorkers } from '../helpers/workflow-workers.js';

let server: OwnTemporal;
let namespace: TestNamespace;
beforeAll(async () => {
  // How many events a batch needs is a matter of luck: so short that it continues several times in any case.
  server = await startShortHistories(50);
  namespace = await createTestNamespace(server.address);
});
afterAll(async () => {
  await namespace.close();
  await server.stop();
});

const DATASETS = 300;
/** The others have not changed, and are found so a hundred at a time. */
const CHANGED_ONE_IN = 10;

const names = Array.from({ length: DATASETS }, (_, i) => `dataset_${String(i).padStart(4, '0')}`);

test('an import outlives runs of its batch, whose places others go on to use', async () => {
  let letGo = (): void => undefined;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  const base = stubActivities();
  const { activities, calls } = stubActivities({
    openBatch: () => Promise.resolve({ total: DATASETS, maxParallel: 3, maxWaitHours: 1 }),
    lookAtNext: ({ after }) => {
      const next = names.slice(after, after + 100);
      const pending = next.filter((_name, i) => i % CHANGED_ONE_IN === 0);
      const cursor = after + 100;
      return Promise.resolve({
        ...{ pending, counts: { 'up-to-date': next.length - pending.length }, recent: [] },
        ...(cursor < DATASETS && { cursor }),
      });
    },
    downloadToCache: async (request) => {
      if (request.plan.entry.name === names[0]) await held;
      return base.activities.downloadToCache(request);
    },
    // As it ships: it asks Temporal.
    awaitImport: batchActivities({} as Resources, {} as Telling).awaitImport,
  });
  const work = async (): Promise<void> => {
    const handle = await namespace.client.workflow.start<typeof importAll>('importAll', {
      ...{ taskQueue: TASK_QUEUES.control, workflowId: 'import-all', args: [{}] },
    });
    const current = namespace.client.workflow.getHandle('import-all');
    const runs = new Set<string>();
    await eventually('all but the one that is held', async () => {
      runs.add((await current.describe()).runId);
      const progress = await current
        .query<ImportAllProgress>(PROGRESS_QUERY)
        .catch(() => undefined);
      return progress?.counts.published === DATASETS / CHANGED_ONE_IN - 1;
    });
    expect(runs.size).toBeGreaterThan(2);
    const progress = await current.query<ImportAllProgress>(PROGRESS_QUERY);
    expect(progress.running).toEqual([names[0]]);
    letGo();
    expect(await handle.result()).toMatchObject({
      ...{ total: DATASETS, batchId: handle.firstExecutionRunId },
      counts: { published: DATASETS / CHANGED_ONE_IN, 'up-to-date': DATASETS - DATASETS / 10 },
    });
    const published = calls.filter((call) => call.startsWith('publish:'));
    expect(new Set(published).size).toBe(published.length);
    expect(published).toHaveLength(DATASETS / CHANGED_ONE_IN);
    expect(calls.filter((call) => call.startsWith('closeBatch'))).toHaveLength(1);

    const { events } = await current.fetchHistory();
    const [began] = events!;
    const input = began!.workflowExecutionStartedEventAttributes!.input!.payloads![0]!.data!;
    const state = JSON.parse(Buffer.from(input).toString()) as {
      continued: BatchState;
    };
    expect(state.continued.inFlight.map(({ dataset }) => dataset)).toContain(names[0]);
    // Names of a look and of a window, whatever the number of datasets.
    expect(input.length).toBeLessThan(5_000);
  };
  // A worker waits for its activities: one that is still held would hide what has failed.
  await withWorkers(namespace.name, activities, () => work().finally(letGo), {
    address: server.address,
  });
});

test('a window wider than a worker has places ends, though it continues as new', async () => {
  let letGo = (): void => undefined;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  const base = stubActivities();
  const pending = names.slice(0, CONTROL_ACTIVITIES + 2);
  const total = pending.length;
  const { activities } = stubActivities({
    openBatch: () => Promise.resolve({ total, maxParallel: total, maxWaitHours: 1 }),
    lookAtNext: () => Promise.resolve({ pending, counts: {}, recent: [] }),
    downloadToCache: async (request) => {
      await held;
      return base.activities.downloadToCache(request);
    },
    awaitImport: batchActivities({} as Resources, {} as Telling).awaitImport,
  });
  const work = async (): Promise<void> => {
    const handle = await namespace.client.workflow.start<typeof importAll>('importAll', {
      ...{ taskQueue: TASK_QUEUES.control, workflowId: 'import-all-wide', args: [{}] },
    });
    const current = namespace.client.workflow.getHandle('import-all-wide');
    await eventually('a run that asks for the ends of all imports', async () => {
      const { runId, raw } = await current.describe();
      const asked = (raw.pendingActivities ?? []).filter(
        ({ activityType }) => activityType?.name === 'awaitImport',
      );
      return runId !== handle.firstExecutionRunId && asked.length === total;
    });
    letGo();
    expect(await handle.result()).toMatchObject({ total, counts: { published: total } });
  };
  await withWorkers(namespace.name, activities, () => work().finally(letGo), {
    address: server.address,
  });
});
