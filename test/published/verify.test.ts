/** What is no longer as it was published is found, whatever has become of it, and imports hear of it. */
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withEngine } from '../../src/convert/engine.js';
import { missingObjects } from '../../src/publication/missing.js';
import { pointerProblem } from '../../src/publication/pointer.js';
import { findVersion, verifyVersion, type Verification } from '../../src/published/index.js';
import { publicationSite } from '../helpers/publication-site.js';
import { storeAndPublish, type PublishedSample } from '../helpers/stored-publication.js';

const { signal } = new AbortController();
const site = publicationSite();
let directory: string;
let number = 0;
let dataset: string;
let sample: PublishedSample;
let key: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kaggle-import-verify-'));
  dataset = `people-${++number}`;
  const tables = { people: ['yes', null, 'no'], places: ['here'] };
  sample = await storeAndPublish(site, dataset, '1', tables);
  key = sample.publication.tables[0]!.objects[0]!.key;
});
afterEach(() => rm(directory, { recursive: true }));

async function verify(): Promise<Verification> {
  const found = await findVersion(site.catalog, { dataset });
  const engine = { memoryLimitBytes: 200_000_000, temporaryDirectory: join(directory, 'spill') };
  return withEngine({ ...engine, signal, place: 'test' }, (connection) =>
    verifyVersion(found, { ...site, connection, directory, signal }),
  );
}

async function change(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: site.database.url });
  await client.connect();
  await client.query(statement);
  await client.end();
}

/** As somebody with the keys of the bucket would do it. */
async function putInstead(bytes: Buffer): Promise<void> {
  const file = join(directory, 'instead');
  await writeFile(file, bytes);
  await site.store.remove([key]);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const put = { bytes: bytes.length, sha256, contentType: 'application/octet-stream', signal };
  await site.store.putImmutable(key, file, put);
}

async function stored(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of await site.store.read(key)) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

test('what is as it was published has no problem: every object is read', async () => {
  const listed = await site.store.list(`${sample.publication.prefix}/`);
  expect(await verify()).toEqual({
    objects: listed.length,
    bytes: listed.reduce((sum, { bytes }) => sum + bytes, 0),
    problems: [],
  });
  expect(await pointerProblem(site, dataset, signal)).toBeUndefined();
});

test('one changed bit is found, and the object counts as gone until it is right again', async () => {
  const before = await stored();
  const after = Buffer.from(before);
  after[10]! ^= 1;
  await putInstead(after);
  const { problems } = await verify();
  expect(problems).toMatchObject([{ dataset, table: 'people', key, what: 'altered' }]);
  const objects = await site.catalog.versionObjects(sample.versionId);
  expect(await missingObjects(site, objects)).toEqual([]);
  await site.catalog.markDamaged(key, problems[0]!.found);
  expect(await missingObjects(site, objects)).toMatchObject([{ key }]);
  await putInstead(before);
  expect((await verify()).problems).toEqual([]);
  await site.catalog.forgetDamage([key]);
  expect(await missingObjects(site, objects)).toEqual([]);
});

test('an object that is gone, and one of another size', async () => {
  await putInstead(Buffer.from('PAR1'));
  const { problems } = await verify();
  expect(problems).toMatchObject([{ what: 'altered', found: expect.stringMatching(/^4 bytes/) }]);
  await site.store.remove([key, `${sample.publication.prefix}/croissant.json`]);
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
  const { text, etag } = (await site.store.getText(pointer))!;
  await site.store.putText(pointer, text.replace('"version": "1"', '"version": "0"'), etag);
  expect(await pointerProblem(site, dataset, signal)).toMatchObject({ key: pointer });
  await site.store.remove([pointer]);
  expect(await pointerProblem(site, dataset, signal)).toMatchObject({
    found: 'no object',
  });
});
