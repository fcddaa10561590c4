/** What the catalog keeps of batches: order, outcomes, ends, and who is told. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Catalog } from '../../src/catalog/index.js';
import { publishSample, samplePublication } from '../helpers/sample-publication.js';
import { createTestCatalog, type TestCatalog } from '../helpers/test-database.js';

let database: TestCatalog;
let catalog: Catalog;

beforeAll(async () => {
  database = await createTestCatalog();
  ({ catalog } = database);
});
afterAll(async () => {
  await database.drop();
});

const minute = (n: number): string => new Date(Date.UTC(2026, 0, 1, 2, n)).toISOString();

async function begin(batchId: string, names: readonly string[], at = 0): Promise<void> {
  const batch = { batchId, workflowId: 'import-all', startedAt: minute(at) };
  for (let times = 0; times < 2; times += 1) {
    await catalog.batches.start(batch);
    await catalog.batches.select(batchId, names);
  }
}

/** An import of the batch with a workflow of its own. */
async function imported(batchId: string, dataset: string, at: number, outcome?: string) {
  const run = { dataset, workflowId: `import:${dataset}`, runId: `${batchId}-${dataset}` };
  const start = { ...run, startedAt: minute(at), batchId };
  await catalog.startImport(start);
  if (outcome === undefined) return;
  await catalog.finishImport({
    ...{
      ...start,
      endedAt: minute(at + 1),
      outcome,
      stageMs: {},
      sourceBytes: 10,
      parquetBytes: 5,
    },
    ...{ transferredBytes: 10, rows: 3, tables: 1, carriedOver: 0, rejects: 2, warnings: ['w'] },
    ...(outcome === 'failed' && { errorCode: 'BROKEN', errorMessage: 'is', nextStep: 'Mend it.' }),
  });
}

test('a batch is gone through in its order, a part at a time', async () => {
  await begin('order', ['b', 'a', 'c', 'd', 'e']);
  const { batches } = catalog;
  expect(await batches.next('order', 0, 2)).toEqual([
    { position: 1, dataset: 'b' },
    { position: 2, dataset: 'a' },
  ]);
  expect((await batches.next('order', 2, 10)).map(({ dataset }) => dataset)).toEqual([
    ...['c', 'd', 'e'],
  ]);
  expect(await batches.next('order', 5, 2)).toEqual([]);
});

test('each dataset stands as its import ended, or as the batch left it', async () => {
  const { batches } = catalog;
  const publication = samplePublication('same', '7', { people: 'a' });
  await publishSample(catalog, publication);
  await begin('night', ['good', 'bad', 'same', 'late', 'busy', 'open', 'untouched'], 1);
  await imported('night', 'good', 2, 'published');
  await imported('night', 'bad', 2, 'failed');
  await imported('night', 'late', 2);
  await imported('night', 'open', 2);
  const at = { startedAt: minute(2), endedAt: minute(2) };
  const unchanged = { dataset: 'same', outcome: 'up-to-date', prefix: publication.prefix };
  for (let times = 0; times < 2; times += 1) {
    await batches.record('night', [{ ...at, ...unchanged, rows: 3, tables: 1 }]);
    await batches.leave('night', 'late', 'waiting');
    await batches.leave('night', 'busy', 'already-running');
  }
  expect(await batches.counts('night')).toEqual({
    ...{ published: 1, failed: 1, 'up-to-date': 1, waiting: 1, 'already-running': 1 },
    ...{ running: 1, 'not-reached': 1 },
  });
  expect(await batches.troubles('night', ['failed'], 5)).toEqual([
    { dataset: 'bad', outcome: 'failed', errorCode: 'BROKEN', errorMessage: 'is' },
  ]);
  const results = await batches.results('night');
  expect(results.map(({ dataset }) => dataset)).toEqual([
    ...['good', 'bad', 'same', 'late', 'busy', 'open', 'untouched'],
  ]);
  expect(results[0]).toMatchObject({ outcome: 'published', rejects: 2, warnings: ['w'] });
  expect(results[0]).toMatchObject({ durationMs: 60_000, rows: 3, parquetBytes: 5 });
  expect(results[1]).toMatchObject({ errorCode: 'BROKEN', nextStep: 'Mend it.' });
  expect(results[2]).toMatchObject({ outcome: 'up-to-date', version: '7', rows: 3 });
  // What waited goes on by itself, and the batch knows how it ended.
  await imported('night', 'late', 2, 'published');
  expect((await batches.counts('night'))['published']).toBe(2);
  const [newest] = await catalog.importsOf('same', 1);
  expect(newest).toMatchObject({ outcome: 'up-to-date', rows: 3 });
});

test('recovered is what failed the time before, and the batch before is known', async () => {
  const { batches } = catalog;
  await begin('first', ['x', 'y', 'z'], 10);
  await imported('first', 'x', 11, 'failed');
  await imported('first', 'y', 11, 'failed');
  await imported('first', 'z', 11, 'published');
  await batches.close('first', { endedAt: minute(12), outcome: 'failed', errorCode: 'OUT' });
  await begin('second', ['x', 'y', 'z'], 20);
  await imported('second', 'x', 21, 'published');
  await imported('second', 'y', 21, 'failed');
  await imported('second', 'z', 21, 'published');
  expect(await batches.recovered('second')).toBe(1);
  expect(await batches.before('second')).toEqual({ outcome: 'failed', errorCode: 'OUT' });
});

test('a batch ends once, and people are told of it once, whoever tells', async () => {
  const { batches } = catalog;
  await begin('end', ['x'], 30);
  expect((await batches.unfinished()).map(({ batchId }) => batchId)).toContain('end');
  const close = (outcome: string, at: number) =>
    batches.close('end', { endedAt: minute(at), outcome });
  expect([await close('finished', 31), await close('terminated', 32)]).toEqual([true, false]);
  expect((await batches.last(1))[0]).toMatchObject({
    ...{ batchId: 'end', outcome: 'finished', endedAt: minute(31) },
  });
  const message = { event: 'batch.finished', title: 't', lines: ['l'], facts: { n: 1 } };
  const add = (id: string) =>
    catalog.messages.add({ namespaceId: 'n', batchId: 'end', message: { id, ...message } });
  const added = await Promise.all(Array.from({ length: 8 }, (_none, index) => add(`m${index}`)));
  expect(added.filter(Boolean)).toHaveLength(1);
  expect((await batches.unfinished()).map(({ batchId }) => batchId)).not.toContain('end');
  // A person has reset it, and it ends again; what is said of that end twice counts once.
  const reset = { endedAt: minute(40), outcome: 'failed' };
  const ends = [await batches.close('end', reset, true), await batches.close('end', reset, true)];
  expect([...ends, await add('anew'), await add('anew again')]).toEqual([true, false, true, false]);
  expect((await batches.last(1))[0]).toMatchObject(reset);
});

test('old batches go with their lists, and the imports stay', async () => {
  const { batches } = catalog;
  await begin('old', ['kept'], 40);
  await imported('old', 'kept', 41, 'published');
  await batches.close('old', { endedAt: minute(42), outcome: 'finished' });
  await batches.retire(0);
  expect(await batches.next('old', 0, 5)).toEqual([]);
  expect(await catalog.importsOf('kept', 5)).toHaveLength(1);
});

test('workers that are there are known with their configuration, until they withdraw', async () => {
  const { workers } = catalog;
  await workers.announce({ identity: 'one', configDigest: 'd1' });
  await workers.announce({ identity: 'one', configDigest: 'd2', configProblem: 'broken' });
  await workers.announce({ identity: 'two', configDigest: 'd2' });
  expect(await workers.present()).toMatchObject([
    { identity: 'one', configDigest: 'd2', configProblem: 'broken' },
    { identity: 'two', configDigest: 'd2' },
  ]);
  await workers.withdraw('two');
  expect(await workers.present()).toHaveLength(1);
});
