/** What engines that read Iceberg see of a dataset: the same version as everybody, whatever happens to it. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import pg from 'pg';
import type { Catalog } from '../../src/catalog/index.js';
import type { IcebergSettings } from '../../src/config/iceberg.js';
import { collectGarbage } from '../../src/publication/gc.js';
import { goBack } from '../../src/publication/go-back.js';
import { icebergProblems } from '../../src/publication/iceberg-problem.js';
import { requireFreeNames, withIceberg } from '../../src/publication/iceberg.js';
import { contentOfVersion } from '../../src/publication/iceberg-tables.js';
import { chooseVersion } from '../../src/published/index.js';
import { createObjectStore, type ObjectStore } from '../../src/store/index.js';
import { icebergMetadata, icebergRows, requireWholeTable } from '../helpers/iceberg-reader.js';
import { iceberg, storeAndPublish } from '../helpers/stored-publication.js';
import { minio } from '../helpers/stores-for-test.js';
import { createTestCatalog, type TestCatalog } from '../helpers/test-database.js';

const { signal } = new AbortController();
const KEEP_ONE = { keepVersions: 1, graceSeconds: 0 };
let database: TestCatalog;
let sql: pg.Pool;
let catalog: Catalog;
let store: ObjectStore;
let dataset: string;
let number = 0;

beforeAll(async () => {
  database = await createTestCatalog();
  ({ catalog } = database);
  sql = new pg.Pool({ connectionString: database.url, max: 2 });
  store = await createObjectStore(minio());
});
afterAll(async () => {
  await sql.end();
  await store.close();
  await database.drop();
});
beforeEach(() => {
  dataset = `people-${++number}`;
});

const publish = (
  version: string,
  tables: Record<string, (string | null)[]>,
  carriedOver: string[] = [],
  settings: IcebergSettings = iceberg,
) => storeAndPublish({ catalog, store }, dataset, version, tables, carriedOver, settings);

const rows = () => icebergRows(sql, dataset);
const metadata = (table = 'people') => icebergMetadata(sql, store, dataset, table);
const requireWhole = (table = 'people') => requireWholeTable(sql, store, dataset, table);

const version = async (name: string) =>
  chooseVersion(await catalog.findVersions(dataset), dataset, name);

test('a version is a snapshot with a tag; the next one moves the row, and tells which it was before', async () => {
  await publish('1', { people: ['a', null] });
  const [first] = await rows();
  expect(first).toMatchObject({
    catalog_name: 'exai',
    table_namespace: dataset,
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
  const namespaces = await sql.query(
    'SELECT property_key, property_value FROM iceberg_namespace_properties WHERE namespace = $1',
    [dataset],
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
  await goBack({ catalog, store, iceberg }, dataset, await version('1'), signal);
  expect((await rows()).map(({ table_name }) => table_name)).toEqual(['people']);
  const { refs, ...seen } = await metadata();
  expect(seen['current-snapshot-id']).toBe(first);
  expect(Object.keys(refs).sort()).toEqual(['main', 'v1', 'v2']);
  await publish('3', { people: ['d'] });
  expect(Object.keys((await metadata()).refs).sort()).toEqual(['main', 'v1', 'v2', 'v3']);
});

test('Parquet of the time before field ids stays out of it, whoever goes back to it', async () => {
  const off = { ...iceberg, enabled: false };
  const old = storeAndPublish(
    { catalog, store },
    dataset,
    '1',
    { people: ['a'] },
    [],
    off,
    undefined,
    false,
  );
  await old;
  await publish('2', { people: ['b'] });
  await goBack({ catalog, store, iceberg }, dataset, await version('1'), signal);
  expect(await rows()).toEqual([]);
  expect(await icebergProblems({ catalog, store }, dataset)).toEqual([]);
  await goBack({ catalog, store, iceberg }, dataset, await version('2'), signal);
  expect(Object.keys((await metadata()).refs).sort()).toEqual(['main', 'v2']);
});

test('with old versions go their snapshots, and no file that a snapshot which stays needs', async () => {
  await publish('1', { people: ['a'], kept: ['b'] });
  await publish('2', { people: ['c'] }, ['kept']);
  await publish('3', { people: ['d'] }, ['kept']);
  await collectGarbage({ catalog, store, iceberg }, KEEP_ONE, signal);
  expect(Object.keys((await metadata()).refs).sort()).toEqual(['main', 'v3']);
  expect(Object.keys((await metadata('kept')).refs).sort()).toEqual(['main', 'v3']);
  await requireWhole();
  await requireWhole('kept');
  const { versionId } = await version('3');
  const objects = await catalog.versionObjects(versionId);
  const stored = new Set((await store.list('')).map(({ key }) => key));
  expect(objects.filter(({ key }) => !stored.has(key))).toEqual([]);
  // A second time there is nothing to do, and readers see the same file.
  const before = await rows();
  await collectGarbage({ catalog, store, iceberg }, KEEP_ONE, signal);
  expect(await rows()).toEqual(before);
});

test('killed between the snapshots and the objects of old versions, readers see nothing that is gone', async () => {
  await publish('1', { people: ['a'] });
  await publish('2', { people: ['b'] });
  const dying: ObjectStore = { ...store, putImmutable: () => Promise.reject(new Error('killed')) };
  const killed = collectGarbage({ catalog, store: dying, iceberg }, KEEP_ONE, signal);
  await expect(killed).rejects.toThrow('killed');
  await requireWhole();
  await collectGarbage({ catalog, store, iceberg }, KEEP_ONE, signal);
  expect(Object.keys((await metadata()).refs).sort()).toEqual(['main', 'v2']);
  await requireWhole();
});

test('a publication that was made of another past is made anew', async () => {
  await publish('1', { people: ['a'] });
  await publish('2', { people: ['b'] });
  const target = await version('1');
  const content = await contentOfVersion(catalog, dataset, target.versionId);
  let attempts = 0;
  await withIceberg({ catalog, store, iceberg }, content, signal, async (move) => {
    attempts += 1;
    if (attempts === 1) await publish('3', { people: ['c'] });
    await catalog.rollback(dataset, target.versionId, move);
  });
  expect(attempts).toBe(2);
  const { refs, snapshots } = await metadata();
  expect(Object.keys(refs).sort()).toEqual(['main', 'v1', 'v2', 'v3']);
  expect(refs['main']!['snapshot-id']).toBe(refs['v1']!['snapshot-id']);
  expect(new Set(snapshots.map((one) => one['snapshot-id'])).size).toBe(3);
});

test('a table of another tool is never touched: nothing is published, and it is said whose name it is', async () => {
  const foreign = 's3://elsewhere/metadata/00001-a.metadata.json';
  await sql.query(
    `INSERT INTO iceberg_tables (catalog_name, table_namespace, table_name, metadata_location)
     VALUES ('exai', $1, 'people', $2)`,
    [dataset, foreign],
  );
  await expect(publish('1', { people: ['a'] })).rejects.toMatchObject({
    code: 'ICEBERG_NAME_TAKEN',
    context: { place: `exai.${dataset}.people` },
  });
  expect(await catalog.findPublication(dataset)).toBeUndefined();
  expect(await rows()).toMatchObject([{ metadata_location: foreign }]);
  // Asked before the conversion, it is refused as well; another name is free.
  const early = requireFreeNames(catalog, iceberg, dataset, ['a', 'people']);
  await expect(early).rejects.toMatchObject({
    code: 'ICEBERG_NAME_TAKEN',
    context: { place: `exai.${dataset}.people` },
  });
  await requireFreeNames(catalog, iceberg, dataset, ['a']);
  await requireFreeNames(catalog, { ...iceberg, enabled: false }, dataset, ['people']);
  // Elsewhere there is room.
  await publish('1', { people: ['a'] }, [], { ...iceberg, namespace: 'kaggle' });
  expect((await rows()).map((row) => row.table_namespace).sort()).toEqual(
    [dataset, `kaggle.${dataset}`].sort(),
  );
});

test('what another tool has written to our table is not written over', async () => {
  await publish('1', { people: ['a'] });
  await sql.query(
    `UPDATE iceberg_tables SET metadata_location = 's3://x/y' WHERE table_namespace = $1`,
    [dataset],
  );
  await expect(publish('2', { people: ['b'] })).rejects.toMatchObject({
    code: 'ICEBERG_NAME_TAKEN',
  });
  expect((await catalog.findPublication(dataset))?.sourceVersion).toBe('1');
});

test('verify tells of a row that is gone, and of one that names something else', async () => {
  await publish('1', { people: ['a'] });
  expect(await icebergProblems({ catalog, store }, dataset)).toEqual([]);
  await sql.query(`DELETE FROM iceberg_tables WHERE table_namespace = $1`, [dataset]);
  expect(await icebergProblems({ catalog, store }, dataset)).toMatchObject([
    { table: 'people', key: expect.stringMatching(/metadata\.json$/) as string },
  ]);
  // A forced import of what is current puts it back, as the next publication would.
  const { versionId } = await version('1');
  const content = await contentOfVersion(catalog, dataset, versionId);
  const run = { workflowId: 'import:any', runId: 'forced' };
  await withIceberg({ catalog, store, iceberg }, content, signal, (move) =>
    catalog.makeCurrent(versionId, run, move),
  );
  expect(await icebergProblems({ catalog, store }, dataset)).toEqual([]);
});

test('another catalog or namespace takes the tables with it; switched off, there are none, and on again, all', async () => {
  await publish('1', { people: ['a'] });
  await publish('2', { people: ['b'] }, [], {
    ...iceberg,
    catalog: 'lake',
    namespace: 'open.data',
  });
  expect(await rows()).toMatchObject([
    { catalog_name: 'lake', table_namespace: `open.data.${dataset}` },
  ]);
  await publish('3', {}, ['people'], { ...iceberg, enabled: false });
  expect(await rows()).toEqual([]);
  await publish('4', {}, ['people']);
  expect(await rows()).toMatchObject([{ catalog_name: 'exai', table_namespace: dataset }]);
  await requireWhole();
});

test('whoever reads while versions come and go back finds every file of what is shown', async () => {
  await publish('1', { people: ['a'] });
  let reads = 0;
  let isOver = false;
  const reader = (async () => {
    for (; !isOver; reads += 1) await requireWhole();
  })();
  await publish('2', { people: ['b'] });
  await goBack({ catalog, store, iceberg }, dataset, await version('1'), signal);
  await publish('3', { people: ['c'] });
  isOver = true;
  await reader;
  expect(reads).toBeGreaterThan(0);
});
