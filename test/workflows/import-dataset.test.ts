/** importDataset on a real Temporal server, when all goes well: the order of the steps, and what it tells. */
import { Context } from '@temporalio/activity';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ImportDatasetInput } from '../../src/contract.js';
import { refuse, startImport } from '../helpers/started-import.js';
import { HOST_QUEUE, stubActivities } from '../helpers/stub-activities.js';
import { createTestNamespace, type TestNamespace } from '../helpers/test-namespace.js';
import { withWorkers } from '../helpers/workflow-workers.js';

let namespace: TestNamespace;
beforeAll(async () => {
  namespace = await createTestNamespace();
});
afterAll(() => namespace.close());

const start = (input?: Partial<ImportDatasetInput>) => startImport(namespace.client, input);

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

test('a failing notification or clean-up never fails an import', async () => {
  const { activities } = stubActivities({ cleanUp: async () => refuse('DISK_FULL') });
  const result = await withWorkers(namespace.name, activities, async () =>
    (await start()).result(),
  );
  expect(result.outcome).toBe('published');
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
