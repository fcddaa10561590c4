/** importAll on a real Temporal server: no failure stops the others, and the batch tells the truth. */
import { ApplicationFailure } from '@temporalio/common';
import { WorkflowFailedError } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { prepareActivities } from '../../src/activities/prepare.js';
import { loadDatasetsConfig } from '../../src/config/load.js';
import { TASK_QUEUES, type ImportAllInput, type ImportAllResult } from '../../src/contract.js';
import type { Resources } from '../../src/resources.js';
import type { importAll } from '../../src/workflows/index.js';
import { sourcesForTest, temporaryFolder } from '../helpers/kaggle-for-test.js';
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

test('imports every dataset, asks for credentials once, lists outcomes in order', async () => {
  const { activities, calls } = stubActivities();
  const { imports } = await withWorkers(namespace.name, activities, () => run({}));
  expect(imports.map(({ dataset, outcome }) => [dataset, outcome])).toEqual([
    ['a', 'published'],
    ['b', 'published'],
    ['c', 'published'],
  ]);
  expect(calls.filter((call) => call === 'checkAuth')).toHaveLength(1);
});

test('one failure stops nothing; the batch fails after all have ended, with every outcome', async () => {
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
  const { imports } = cause.details?.[1] as ImportAllResult;
  expect(imports.map(({ outcome }) => outcome)).toEqual(['failed', 'published', 'published']);
  expect(imports[0]!.failure).toEqual({
    code: 'LEDGER_MISMATCH',
    message: 'rows differ',
    nextStep: 'Do this.',
  });
  expect(calls).toContain('publish:c');
});

test('refused credentials fail the batch with their own code, before any import', async () => {
  const { activities, calls } = stubActivities({
    checkAuth: async () => {
      const summary = { code: 'CREDENTIALS_REJECTED', message: 'no', nextStep: 'Do this.' };
      throw ApplicationFailure.create({
        type: summary.code,
        nonRetryable: true,
        details: [summary],
      });
    },
  });
  const error: unknown = await withWorkers(namespace.name, activities, () =>
    run({}).catch((thrown: unknown) => thrown),
  );
  const cause = (error as WorkflowFailedError).cause as ApplicationFailure;
  expect(cause.type).toBe('CREDENTIALS_REJECTED');
  expect(cause.details?.[0]).toMatchObject({ nextStep: 'Do this.' });
  expect(calls).toEqual(['selectDatasets']);
});

test('a dataset that is being imported already is said to be, and is no failure', async () => {
  let letGo = (): void => undefined;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  const base = stubActivities();
  const { activities } = stubActivities({
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
    const { imports } = await run({ only: ['solo'] });
    expect(imports[0]).toMatchObject({ dataset: 'solo', outcome: 'already-running' });
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
  const { imports } = await withWorkers(namespace.name, activities, () =>
    run({ only: ['slow1', 'slow2'], maxParallel: 0 }),
  );
  expect(imports.map(({ outcome }) => outcome)).toEqual(['published', 'published']);
});

test('of hundreds of warnings a result carries a few, in a batch fewer', async () => {
  const base = stubActivities();
  const { activities } = stubActivities({
    convertTable: async (request) => ({
      ...(await base.activities.convertTable(request)),
      warnings: Array.from({ length: 400 }, (_, i) => `${i} ${'long '.repeat(1000)}`),
    }),
  });
  const { imports } = await withWorkers(namespace.name, activities, () => run({ only: ['loud'] }));
  const { warnings } = imports[0]!;
  expect(warnings).toHaveLength(6);
  expect(warnings[0]).toMatch(/^one: 0 long /);
  expect(warnings.at(-1)).toBe('more warnings are in the catalog');
  expect(JSON.stringify(warnings).length).toBeLessThan(2000);
});

test('Kaggle is not asked who we are when nothing of the batch comes from there', async () => {
  const file = join(await temporaryFolder(), 'datasets.yaml');
  await writeFile(
    file,
    'datasets:\n  local: {source: {path: /data}}\n  remote: {kaggle_ref: owner/set}\n',
  );
  const { selectDatasets, checkAuth } = prepareActivities({
    loadConfig: () => loadDatasetsConfig(file),
    sources: sourcesForTest('http://127.0.0.1:9', { kaggle: { apiToken: undefined } }),
  } as Resources);
  const { activities } = stubActivities({ selectDatasets, checkAuth });
  await withWorkers(namespace.name, activities, async () => {
    expect((await run({ only: ['local'] })).imports[0]?.outcome).toBe('published');
    const cause: unknown = await run({}).catch((error: WorkflowFailedError) => error.cause);
    expect(cause).toMatchObject({ type: 'CREDENTIALS_MISSING' });
  });
});
