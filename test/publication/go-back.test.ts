/** Going back to an older version: for all readers at once, and for good until there is something newer. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Catalog } from '../../src/catalog/index.js';
import { goBack } from '../../src/publication/go-back.js';
import { chooseVersion, diffVersions } from '../../src/published/index.js';
import { createObjectStore, type ObjectStore } from '../../src/store/index.js';
import { samplePublication } from '../helpers/sample-publication.js';
import { iceberg, storeAndPublish, type PublishedSample } from '../helpers/stored-publication.js';
import { minio } from '../helpers/stores-for-test.js';
import { createTestCatalog, type TestCatalog } from '../helpers/test-database.js';

const { signal } = new AbortController();
let database: TestCatalog;
let catalog: Catalog;
let store: ObjectStore;
let number = 0;
let dataset: string;
let [first, second]: PublishedSample[] = [];

beforeAll(async () => {
  database = await createTestCatalog();
  ({ catalog } = database);
  store = await createObjectStore(minio());
});
afterAll(async () => {
  await store.close();
  await database.drop();
});
beforeEach(async () => {
  dataset = `people-${++number}`;
  first = await storeAndPublish({ catalog, store }, dataset, '1', { people: ['no', 'yes'] });
  second = await storeAndPublish({ catalog, store }, dataset, '2', { people: ['no', null, 'on'] });
});

const version = async (name: string) =>
  chooseVersion(await catalog.findVersions(dataset), dataset, name);
const pointer = async () => {
  const { text } = (await store.getText(`datasets/${dataset}/current.json`))!;
  return JSON.parse(text) as { version: string; generation: number; tables: { keys: string[] }[] };
};

test('the catalog and current.json show the older version, and the newer one stays stored', async () => {
  expect(await goBack({ catalog, store, iceberg }, dataset, await version('1'), signal)).toBe(true);
  expect(await catalog.findPublication(dataset)).toMatchObject({ sourceVersion: '1', rows: 2 });
  expect(await pointer()).toMatchObject({
    version: '1',
    generation: 3,
    tables: [{ keys: [first!.publication.tables[0]!.objects[0]!.key] }],
  });
  expect(await catalog.findVersions(dataset)).toMatchObject([
    { sourceVersion: '2', state: 'superseded', rolledBackAt: expect.any(String) },
    { sourceVersion: '1', state: 'current' },
  ]);
  // Again, for a pointer that a killed rollback has left behind.
  await store.remove([`datasets/${dataset}/current.json`]);
  expect(await goBack({ catalog, store, iceberg }, dataset, await version('1'), signal)).toBe(
    false,
  );
  expect((await pointer()).version).toBe('1');
});

test('an import that began before the rollback publishes nothing after it', async () => {
  const running = samplePublication(dataset, '3', { people: 'c' });
  const startedAt = new Date().toISOString();
  await catalog.startImport({ ...running, dataset, startedAt });
  await goBack({ catalog, store, iceberg }, dataset, await version('1'), signal);
  await expect(catalog.publish(running)).rejects.toMatchObject({ code: 'IMPORT_SUPERSEDED' });
  await expect(catalog.makeCurrent(second!.versionId, running)).rejects.toMatchObject({
    code: 'IMPORT_SUPERSEDED',
  });
  expect((await catalog.findPublication(dataset))?.sourceVersion).toBe('1');
});

test('what was gone back from is not wanted any more; a newer version, another configuration and a return are', async () => {
  const { pin, configDigest } = second!.publication;
  expect(await catalog.isPassedOver(dataset, pin, configDigest)).toBe(false);
  await goBack({ catalog, store, iceberg }, dataset, await version('1'), signal);
  expect(await catalog.isPassedOver(dataset, pin, configDigest)).toBe(true);
  expect(await catalog.isPassedOver(dataset, pin, 'another')).toBe(false);
  expect(await catalog.isPassedOver(dataset, { ...pin, version: '3' }, configDigest)).toBe(false);
  await goBack({ catalog, store, iceberg }, dataset, await version('2'), signal);
  expect(await catalog.isPassedOver(dataset, pin, configDigest)).toBe(false);
});

test('a version whose objects are gone is refused, and nothing has changed', async () => {
  const { key } = first!.publication.tables[0]!.objects[0]!;
  await store.remove([key]);
  const refused = goBack({ catalog, store, iceberg }, dataset, await version('1'), signal);
  await expect(refused).rejects.toMatchObject({ code: 'OBJECT_MISSING' });
  expect((await catalog.findPublication(dataset))?.sourceVersion).toBe('2');
  expect(await catalog.findVersions(dataset)).toMatchObject([{ state: 'current' }, {}]);
});

test('versions are named by the source, and told apart by their folder where two are of one source', async () => {
  const again = samplePublication(dataset, '2', { people: 'other bytes' });
  await catalog.startImport({
    ...again,
    dataset,
    runId: 'later',
    startedAt: '2026-01-02T00:00:00Z',
  });
  await catalog.publish({ ...again, runId: 'later' });
  expect(await version('2')).toMatchObject({ prefix: again.prefix });
  const folder = second!.publication.prefix.split('/').at(-1)!;
  expect(await version(folder)).toMatchObject({ versionId: second!.versionId });
  expect(await version(folder.slice(1))).toMatchObject({ versionId: second!.versionId });
  await expect(version('9')).rejects.toMatchObject({
    code: 'VERSION_UNKNOWN',
    context: { expected: 'one of 2, 1' },
  });
});

test('a difference names rows, nulls, bounds and classes of both sides', async () => {
  const [before, after] = await Promise.all(
    [first!, second!].map(({ versionId }) => catalog.describeTables(versionId)),
  );
  expect(diffVersions(before!, after!, 'passed')).toEqual([
    {
      table: 'people',
      change: 'changed',
      rows: { before: 2, after: 3 },
      rejects: { before: 0, after: 0 },
      columns: [
        {
          column: 'passed',
          change: 'changed',
          type: { before: 'VARCHAR', after: 'VARCHAR' },
          nulls: { before: 0, after: 1 },
          min: { before: 'no', after: 'no' },
          max: { before: 'yes', after: 'on' },
        },
      ],
      classes: [
        { value: 'no', before: 1, after: 1 },
        { value: 'on', before: undefined, after: 1 },
        { value: 'yes', before: 1, after: undefined },
      ],
    },
  ]);
  const [retyped] = diffVersions(
    before!,
    before!.map((table) => ({
      ...table,
      columns: [
        { ...table.columns[0]!, type: 'BIGINT' },
        { ...table.columns[0]!, name: 'new' },
      ],
    })),
    undefined,
  );
  expect(retyped!.columns.map(({ column, change }) => [column, change])).toEqual([
    ['passed', 'retyped'],
    ['new', 'added'],
  ]);
  expect(diffVersions(before!, [], undefined)).toMatchObject([
    { change: 'removed', rows: { before: 2, after: undefined } },
  ]);
});
