/** What is no longer as it was published is found, whatever has become of it, and imports hear of it. */
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { migrate, openCatalog, type Catalog } from '../../src/catalog/index.js';
import { withEngine } from '../../src/convert/engine.js';
import { missingObjects } from '../../src/publication/missing.js';
import { pointerProblem } from '../../src/publication/pointer.js';
import { findVersion, verifyVersion, type Verification } from '../../src/published/index.js';
import { createObjectStore, type ObjectStore } from '../../src/store/index.js';
import { storeAndPublish, type PublishedSample } from '../helpers/stored-publication.js';
import { minio } from '../helpers/stores-for-test.js';
import { createTestDatabase, type TestDatabase } from '../helpers/test-database.js';

const { signal } = new AbortController();
let database: TestDatabase;
let catalog: Catalog;
let store: ObjectStore;
let directory: string;
let number = 0;
let dataset: string;
let sample: PublishedSample;
let key: string;

beforeAll(async () => {
  database = await createTestDatabase();
  await migrate(database.url, { signal });
  catalog = openCatalog(database.url);
  store = createObjectStore(minio());
});
afterAll(async () => {
  await catalog.close();
  await store.close();
  await database.drop();
});
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kaggle-import-verify-'));
  dataset = `people-${++number}`;
  const tables = { people: ['yes', null, 'no'], places: ['here'] };
  sample = await storeAndPublish({ catalog, store }, dataset, '1', tables);
  key = sample.publication.tables[0]!.objects[0]!.key;
});
afterEach(() => rm(directory, { recursive: true }));

async function verify(): Promise<Verification> {
  const found = await findVersion(catalog, { dataset });
  const engine = { memoryLimitBytes: 200_000_000, temporaryDirectory: join(directory, 'spill') };
  return withEngine({ ...engine, signal, place: 'test' }, (connection) =>
    verifyVersion(found, { catalog, store, connection, directory, signal }),
  );
}

async function change(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query(statement);
  await client.end();
}

/** As somebody with the keys of the bucket would do it. */
async function putInstead(bytes: Buffer): Promise<void> {
  const file = join(directory, 'instead');
  await writeFile(file, bytes);
  await store.remove([key]);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const put = { bytes: bytes.length, sha256, contentType: 'application/octet-stream', signal };
  await store.putImmutable(key, file, put);
}

async function stored(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of await store.read(key)) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

test('what is as it was published has no problem: every object is read', async () => {
  const listed = await store.list(`${sample.publication.prefix}/`);
  expect(await verify()).toEqual({
    objects: listed.length,
    bytes: listed.reduce((sum, { bytes }) => sum + bytes, 0),
    problems: [],
  });
  expect(await pointerProblem({ catalog, store }, dataset, signal)).toBeUndefined();
});

test('one changed bit is found, and the object counts as gone until it is right again', async () => {
  const before = await stored();
  const after = Buffer.from(before);
  after[10]! ^= 1;
  await putInstead(after);
  const { problems } = await verify();
  expect(problems).toMatchObject([{ dataset, table: 'people', key, what: 'altered' }]);
  const objects = await catalog.versionObjects(sample.versionId);
  expect(await missingObjects({ catalog, store }, objects)).toEqual([]);
  await catalog.markDamaged(key, problems[0]!.found);
  expect(await missingObjects({ catalog, store }, objects)).toMatchObject([{ key }]);
  await putInstead(before);
  expect((await verify()).problems).toEqual([]);
  await catalog.forgetDamage([key]);
  expect(await missingObjects({ catalog, store }, objects)).toEqual([]);
});

test('an object that is gone, and one of another size', async () => {
  await putInstead(Buffer.from('PAR1'));
  const { problems } = await verify();
  expect(problems).toMatchObject([{ what: 'altered', found: expect.stringMatching(/^4 bytes/) }]);
  await store.remove([key, `${sample.publication.prefix}/croissant.json`]);
  expect((await verify()).problems.map(({ what, table }) => [what, table])).toEqual([
    ['missing', 'people'],
    ['missing', undefined],
  ]);
});

test('rows, names and nulls are counted in the objects, not taken from the catalog', async () => {
  const files = `(SELECT id FROM dataset_files WHERE version_id = '${sample.versionId}' AND table_name = 'people')`;
  await change(
    `UPDATE file_columns SET stats = jsonb_set(stats, '{nullCount}', '0') WHERE file_id IN ${files}`,
  );
  expect((await verify()).problems).toMatchObject([
    { table: 'people', what: 'nulls', found: '1 nulls in column passed' },
  ]);
  await change(`UPDATE dataset_files SET row_count = 4 WHERE id IN ${files}`);
  await change(`UPDATE file_columns SET column_name = 'other' WHERE file_id IN ${files}`);
  expect((await verify()).problems).toMatchObject([
    { what: 'rows', expected: '4 rows', found: '3 rows' },
    { what: 'columns', expected: 'other', found: 'passed' },
  ]);
});

test('a pointer that says something else', async () => {
  const pointer = `datasets/${dataset}/current.json`;
  const { text, etag } = (await store.getText(pointer))!;
  await store.putText(pointer, text.replace('"version": "1"', '"version": "0"'), etag);
  expect(await pointerProblem({ catalog, store }, dataset, signal)).toMatchObject({ key: pointer });
  await store.remove([pointer]);
  expect(await pointerProblem({ catalog, store }, dataset, signal)).toMatchObject({
    found: 'no object',
  });
});
