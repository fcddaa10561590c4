/** Old versions and lost objects go; nothing that is needed, claimed or young does, and no kill leaves a lie. */
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Catalog } from '../../src/catalog/index.js';
import { collectGarbage, findGarbage, type Garbage } from '../../src/publication/gc.js';
import { goBack } from '../../src/publication/go-back.js';
import { missingObjects } from '../../src/publication/missing.js';
import { chooseVersion } from '../../src/published/index.js';
import { createObjectStore, type ObjectStore } from '../../src/store/index.js';
import { iceberg, storeAndPublish } from '../helpers/stored-publication.js';
import { minio } from '../helpers/stores-for-test.js';
import { createTestCatalog, type TestCatalog } from '../helpers/test-database.js';

const { signal } = new AbortController();
const KEEP_TWO = { keepVersions: 2, graceSeconds: 0 };
let database: TestCatalog;
let catalog: Catalog;
let store: ObjectStore;

/** A catalog and a bucket a test: garbage is looked for in all of both. */
beforeEach(async () => {
  database = await createTestCatalog();
  ({ catalog } = database);
  store = await createObjectStore(minio({ root: 'team/' }));
  await store.ensureReady(signal);
  return async () => {
    await store.close();
    await database.drop();
  };
});

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kaggle-import-gc-'));
});
afterAll(() => rm(directory, { recursive: true }));

const publish = (version: string, tables: Record<string, string[]>, carriedOver: string[] = []) =>
  storeAndPublish({ catalog, store }, 'people', version, tables, carriedOver);

async function put(key: string): Promise<void> {
  const text = `something that lies under ${key}`;
  const file = join(directory, 'object');
  await writeFile(file, text);
  const sha256 = createHash('sha256').update(text).digest('hex');
  const put = { bytes: text.length, sha256, contentType: 'text/plain', signal };
  await store.putImmutable(key, file, put);
}

/** Files of Iceberg are looked at in `iceberg.test.ts`. */
const plain = (objects: readonly { readonly key: string }[]) =>
  objects.map(({ key }) => key).filter((key) => !key.includes('/iceberg/'));
const keys = async () => plain(await store.list('')).sort();
const states = async () =>
  (await catalog.findVersions('people')).map((one) => `${one.sourceVersion} ${one.state}`);
const named = ({ versions, orphans }: Garbage) => [
  versions.map(({ sourceVersion, objects }) => `${sourceVersion}: ${plain(objects).length}`),
  plain(orphans),
];

test('beyond the newest, versions go with their objects; what one that stays has carried over does not', async () => {
  const first = await publish('1', { fresh: ['a'], kept: ['b'] });
  await publish('2', { fresh: ['c'] }, ['kept']);
  await publish('3', { fresh: ['d'] }, ['kept']);
  const before = await keys();
  const dry = await findGarbage({ catalog, store }, KEEP_TWO, signal);
  // The two descriptions and `fresh`; `kept` is a table of versions 2 and 3.
  expect(named(dry)).toEqual([['1: 3'], []]);
  expect(await keys()).toEqual(before);
  expect(await states()).toEqual(['3 current', '2 superseded', '1 superseded']);

  expect(named(await collectGarbage({ catalog, store, iceberg }, KEEP_TWO, signal))).toEqual(
    named(dry),
  );
  const gone = before.filter((key) => key.startsWith(`${first.publication.prefix}/`));
  const kept = gone.filter((key) => key.endsWith('kept.parquet'));
  expect(kept).toHaveLength(1);
  expect(await keys()).toEqual(before.filter((key) => !gone.includes(key) || kept.includes(key)));
  expect(await states()).toEqual(['3 current', '2 superseded', '1 removed']);
  for (const version of ['2', '3']) {
    const { versionId } = chooseVersion(await catalog.findVersions('people'), 'people', version);
    const objects = await catalog.versionObjects(versionId);
    expect(plain(objects)).toHaveLength(4);
    expect(await missingObjects({ catalog, store }, objects)).toEqual([]);
  }
  expect(named(await collectGarbage({ catalog, store, iceberg }, KEEP_TWO, signal))).toEqual([
    [],
    [],
  ]);

  // With the last version that needs it, the object goes that lies under the prefix of the first.
  await publish('4', { fresh: ['e'], kept: ['f'] });
  const one = { ...KEEP_TWO, keepVersions: 1 };
  const last = await collectGarbage({ catalog, store, iceberg }, one, signal);
  expect(named(last)).toEqual([['2: 3', '3: 3'], kept]);
  expect(await states()).toEqual(['4 current', '3 removed', '2 removed', '1 removed']);
});

test('the current version stays, however old a person has made it', async () => {
  for (const version of ['1', '2', '3', '4']) await publish(version, { fresh: [version] });
  const versions = await catalog.findVersions('people');
  await goBack(
    { catalog, store, iceberg },
    'people',
    chooseVersion(versions, 'people', '1'),
    signal,
  );
  expect(named(await collectGarbage({ catalog, store, iceberg }, KEEP_TWO, signal))).toEqual([
    ['2: 3', '3: 3'],
    [],
  ]);
  expect(await states()).toEqual(['4 superseded', '3 removed', '2 removed', '1 current']);
  const second = chooseVersion.bind(undefined, await catalog.findVersions('people'), 'people');
  expect(() => second('2')).toThrow(expect.objectContaining({ code: 'VERSION_REMOVED' }));
});

test('nothing goes before its time: readers may still be at it', async () => {
  await publish('1', { fresh: ['a'] });
  await publish('2', { fresh: ['b'] });
  await put('team/datasets/people/v0-lost/lost.parquet');
  const settings = { keepVersions: 1, graceSeconds: 3600 };
  expect(named(await collectGarbage({ catalog, store, iceberg }, settings, signal))).toEqual([
    [],
    [],
  ]);
});

test('lost objects go; what an import has claimed, pointers, markers and what is not ours stay', async () => {
  const { publication } = await publish('1', { fresh: ['a'] });
  await store.putText('team/kaggle-import.json', '{}');
  const run = { workflowId: 'import:people', runId: 'running' };
  const claimed = 'team/datasets/people/v2-claimed';
  await catalog.startImport({ dataset: 'people', ...run, startedAt: new Date().toISOString() });
  await catalog.claimPrefix(claimed, 'people', run, []);
  await put(`${claimed}/fresh.parquet`);
  const lost = ['v0-lost/lost.parquet', 'v0-lost/rejects/lost.parquet'].map(
    (name) => `team/datasets/people/${name}`,
  );
  const stray = `${publication.prefix}/stray.parquet`;
  const elsewhere = ['datasets/people/v0-lost/lost.parquet', 'team/others/v1/a/b.parquet'];
  const foreign = 'team/datasets/unknown/v1-foreign/a.parquet';
  for (const key of [...lost, stray, ...elsewhere, foreign]) await put(key);
  const before = await keys();
  const garbage = await collectGarbage({ catalog, store, iceberg }, KEEP_TWO, signal);
  expect(garbage.orphans.map(({ key }) => key).sort()).toEqual([...lost, stray].sort());
  expect(garbage.foreign.map(({ key }) => key)).toEqual([foreign]);
  expect(await keys()).toEqual(before.filter((key) => ![...lost, stray].includes(key)));
});

test('killed anywhere, it leaves a catalog that names no missing object as present, and goes on', async () => {
  await publish('1', { fresh: ['a'] });
  await publish('2', { fresh: ['b'] });
  const settings = { keepVersions: 1, graceSeconds: 0 };
  for (const allowed of [0, 1, 2]) {
    let removals = 0;
    const dying: ObjectStore = {
      ...store,
      async remove(all, given) {
        for (const key of all) {
          if (removals++ === allowed) throw new Error('killed');
          await store.remove([key], given);
        }
      },
      removeUnfinished: () => Promise.reject(new Error('killed')),
    };
    await expect(
      collectGarbage({ catalog, store: dying, iceberg }, settings, signal),
    ).rejects.toThrow('killed');
    expect(await states()).toEqual(['2 current', '1 removed']);
    const [, first] = await catalog.findVersions('people');
    await expect(catalog.rollback('people', first!.versionId)).rejects.toMatchObject({
      code: 'VERSION_REMOVED',
    });
  }
  expect(named(await collectGarbage({ catalog, store, iceberg }, settings, signal))).toEqual([
    ['1: 0'],
    [],
  ]);
  const [, first] = await catalog.findVersions('people');
  expect(await catalog.describeTables(first!.versionId)).toEqual([]);
  expect(named(await findGarbage({ catalog, store }, settings, signal))).toEqual([[], []]);
});
