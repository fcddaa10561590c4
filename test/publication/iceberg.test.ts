/** What engines that read Iceberg see of a dataset: the same version as everybody, whatever happens to it. */
import { expect, test } from 'vitest';
import { collectGarbage } from '../../src/publication/gc.js';
import { goBack } from '../../src/publication/go-back.js';
import { icebergProblems } from '../../src/publication/iceberg-problem.js';
import { withIceberg } from '../../src/publication/iceberg.js';
import { contentOfVersion } from '../../src/publication/iceberg-tables.js';
import type { ObjectStore } from '../../src/store/index.js';
import { icebergSite } from '../helpers/iceberg-site.js';

const { signal, open, dataset, query, publish, rows, metadata, requireWhole, version } =
  icebergSite();
const KEEP_ONE = { keepVersions: 1, graceSeconds: 0 };

test('a version is a snapshot with a tag; the next one moves the row, and tells which it was before', async () => {
  await publish('1', { people: ['a', null] });
  const [first] = await rows();
  expect(first).toMatchObject({
    catalog_name: 'exai',
    table_namespace: dataset(),
    table_name: 'people',
    previous_metadata_location: null,
    iceberg_type: 'TABLE',
  });
  await publish('2', { people: ['b'] });
  const [second] = await rows();
  expect(second!.previous_metadata_location).toBe(first!.metadata_location);
  const { refs, snapshots, properties, ...seen } = await metadata();
  expect(Object.keys(refs).sort()).toEqual(['main', 'v1', 'v2']);
  expect(snapshots).toHaveLength(2);
  expect(refs['main']).toEqual({ 'snapshot-id': seen['current-snapshot-id'], type: 'branch' });
  expect(refs['v2']).toEqual({ 'snapshot-id': seen['current-snapshot-id'], type: 'tag' });
  expect(properties).toMatchObject({
    'gc.enabled': 'false',
    'kaggle-import.source': 'kaggle:owner/people',
    'kaggle-import.licence': 'CC0-1.0',
    'kaggle-import.source-version': '2',
  });
  expect(JSON.parse(properties['kaggle-import.proof']!)).toMatchObject({ rows: 1, rejects: 0 });
  const namespaces = await query(
    'SELECT property_key, property_value FROM iceberg_namespace_properties WHERE namespace = $1',
    [dataset()],
  );
  expect(namespaces.rows).toEqual([{ property_key: 'exists', property_value: 'true' }]);
});

test('a table that is carried over keeps its snapshot; one that is gone is no table any more', async () => {
  await publish('1', { people: ['a'], kept: ['b'] });
  const before = (await metadata('kept'))['current-snapshot-id'];
  await publish('2', {}, ['kept']);
  expect((await rows()).map(({ table_name }) => table_name)).toEqual(['kept']);
  const { refs } = await metadata('kept');
  expect(refs).toMatchObject({ v1: { 'snapshot-id': before }, v2: { 'snapshot-id': before } });
});

test('a rollback moves it back, and the version that was gone back from can still be named', async () => {
  await publish('1', { people: ['a'] });
  const first = (await metadata())['current-snapshot-id'];
  await publish('2', { people: ['b'], more: ['c'] });
  await goBack(open(), dataset(), await version('1'), signal);
  expect((await rows()).map(({ table_name }) => table_name)).toEqual(['people']);
  const { refs, ...seen } = await metadata();
  expect(seen['current-snapshot-id']).toBe(first);
  expect(Object.keys(refs).sort()).toEqual(['main', 'v1', 'v2']);
  await publish('3', { people: ['d'] });
  expect(Object.keys((await metadata()).refs).sort()).toEqual(['main', 'v1', 'v2', 'v3']);
});

test('with old versions go their snapshots, and no file that a snapshot which stays needs', async () => {
  await publish('1', { people: ['a'], kept: ['b'] });
  await publish('2', { people: ['c'] }, ['kept']);
  await publish('3', { people: ['d'] }, ['kept']);
  await collectGarbage(open(), KEEP_ONE, signal);
  expect(Object.keys((await metadata()).refs).sort()).toEqual(['main', 'v3']);
  expect(Object.keys((await metadata('kept')).refs).sort()).toEqual(['main', 'v3']);
  await requireWhole();
  await requireWhole('kept');
  const { versionId } = await version('3');
  const objects = await open().catalog.versionObjects(versionId);
  const stored = new Set((await open().store.list('')).map(({ key }) => key));
  expect(objects.filter(({ key }) => !stored.has(key))).toEqual([]);
  // A second time there is nothing to do, and readers see the same file.
  const before = await rows();
  await collectGarbage(open(), KEEP_ONE, signal);
  expect(await rows()).toEqual(before);
});

test('killed between the snapshots and the objects of old versions, readers see nothing that is gone', async () => {
  await publish('1', { people: ['a'] });
  await publish('2', { people: ['b'] });
  const dying: ObjectStore = {
    ...open().store,
    putImmutable: () => Promise.reject(new Error('killed')),
  };
  const killed = collectGarbage({ ...open(), store: dying }, KEEP_ONE, signal);
  await expect(killed).rejects.toThrow('killed');
  await requireWhole();
  await collectGarbage(open(), KEEP_ONE, signal);
  expect(Object.keys((await metadata()).refs).sort()).toEqual(['main', 'v2']);
  await requireWhole();
});

test('a publication that was made of another past is made anew', async () => {
  await publish('1', { people: ['a'] });
  await publish('2', { people: ['b'] });
  const target = await version('1');
  const content = await contentOfVersion(open().catalog, dataset(), target.versionId);
  let attempts = 0;
  await withIceberg(open(), content, signal, async (move) => {
    attempts += 1;
    if (attempts === 1) await publish('3', { people: ['c'] });
    await open().catalog.rollback(dataset(), target.versionId, move);
  });
  expect(attempts).toBe(2);
  const { refs, snapshots } = await metadata();
  expect(Object.keys(refs).sort()).toEqual(['main', 'v1', 'v2', 'v3']);
  expect(refs['main']!['snapshot-id']).toBe(refs['v1']!['snapshot-id']);
  expect(new Set(snapshots.map((one) => one['snapshot-id'])).size).toBe(3);
});

test('verify tells of a row that is gone, and of one that names something else', async () => {
  await publish('1', { people: ['a'] });
  expect(await icebergProblems(open(), dataset())).toEqual([]);
  await query(`DELETE FROM iceberg_tables WHERE table_namespace = $1`, [dataset()]);
  expect(await icebergProblems(open(), dataset())).toMatchObject([
    { table: 'people', key: expect.stringMatching(/metadata\.json$/) as string },
  ]);
  // A forced import of what is current puts it back, as the next publication would.
  const { versionId } = await version('1');
  const content = await contentOfVersion(open().catalog, dataset(), versionId);
  const run = { workflowId: 'import:any', runId: 'forced' };
  await withIceberg(open(), content, signal, (move) =>
    open().catalog.makeCurrent(versionId, run, move),
  );
  expect(await icebergProblems(open(), dataset())).toEqual([]);
});

test('whoever reads while versions come and go back finds every file of what is shown', async () => {
  await publish('1', { people: ['a'] });
  let reads = 0;
  let isOver = false;
  const reader = (async () => {
    for (; !isOver; reads += 1) await requireWhole();
  })();
  await publish('2', { people: ['b'] });
  await goBack(open(), dataset(), await version('1'), signal);
  await publish('3', { people: ['c'] });
  isOver = true;
  await reader;
  expect(reads).toBeGreaterThan(0);
});
