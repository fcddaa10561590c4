/** While workers are updated one after the other, those of the version before go on against the new schema. */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Catalog } from '../../src/catalog/index.js';
import { fileRows } from '../../src/catalog/file-rows.js';
import { storableJson } from '../../src/catalog/json.js';
import { publishSample, samplePublication } from '../helpers/sample-publication.js';
import { createTestCatalog, type TestCatalog } from '../helpers/test-database.js';
import * as before from './before/statements.js';

const startedAt = '2026-01-01T02:00:00.000Z';
let database: TestCatalog;
let catalog: Catalog;
let client: pg.Client;

beforeAll(async () => {
  database = await createTestCatalog();
  ({ catalog } = database);
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

const start = (dataset: string, runId: string) =>
  client.query(before.START_IMPORT, [`import:${dataset}`, runId, dataset, startedAt]);

/** As `publish` of the version before did. */
async function publishAsBefore(dataset: string, version: string, carriedOver: string[] = []) {
  const publication = samplePublication(dataset, version, { [`t${version}`]: version });
  const { rows: datasets } = await client.query<{ id: string; currentVersionId: string }>(
    before.UPSERT_DATASET,
    [dataset, 'owner/people', 'kaggle', 'owner/people', 'People', null, [], [], 'passed', null],
  );
  const { id, currentVersionId } = datasets[0]!;
  const { rows: versions } = await client.query<{ id: string }>(before.INSERT_VERSION, [
    ...[id, version, 'kaggle', 'owner/people', publication.checksum, publication.configDigest],
    ...[publication.checksum.slice(0, 8), `${publication.prefix}-${randomUUID()}`, '{}'],
    ...[`import:${dataset}`, `run-${version}`],
  ]);
  const versionId = versions[0]!.id;
  const { files, columns } = fileRows(publication);
  await client.query(before.INSERT_FILES, [versionId, storableJson(files)]);
  await client.query(before.INSERT_COLUMNS, [storableJson(columns)]);
  const carried = [versionId, currentVersionId, carriedOver, files.length - 1];
  await client.query(before.CARRY_OVER_TABLES, carried);
  await client.query(before.SET_TOTALS, [versionId]);
  await client.query(before.SUPERSEDE_OTHERS, [id, versionId]);
  await client.query(before.SET_STATE_CURRENT, [versionId]);
  await client.query(before.SET_CURRENT, [id, versionId]);
  return versionId;
}

test('a worker of the version before publishes, and a new one reads and counts it', async () => {
  await start('old', 'run-1');
  const versionId = await publishAsBefore('old', '1');
  await publishAsBefore('old', '2', ['t1']);
  expect(await catalog.findPublication('old')).toMatchObject({
    sourceVersion: '2',
    tables: 2,
    // The new worker moves the pointer by it.
    generation: 2,
  });
  expect(await catalog.versionObjects(versionId)).toHaveLength(4);
  const end = [startedAt, 'published', '{}', 1, 2, 3, 4, 5, false, 'nowhere', null, null];
  await client.query(before.FINISH_IMPORT, ['import:old', 'run-1', ...end]);
  expect((await catalog.listDatasets())[0]).toMatchObject({ lastOutcome: 'published' });
});

test('an import that a worker of the version before has begun is published by a new one', async () => {
  await start('begun', 'run-1');
  const publication = samplePublication('begun', '1', { people: 'a' });
  await catalog.claimPrefix(publication.prefix, 'begun', publication, []);
  expect(await catalog.publish(publication)).toMatchObject({ alreadyPublished: false });
  // From then on it has its number: a newer run overtakes it.
  await publishSample(catalog, samplePublication('begun', '2', { people: 'b' }));
  const late = samplePublication('begun', '3', { people: 'c' });
  await expect(catalog.publish({ ...late, runId: 'run-1' })).rejects.toMatchObject({
    code: 'IMPORT_SUPERSEDED',
  });
});

test('a worker of the version before reads what a new one has published', async () => {
  await publishSample(catalog, samplePublication('new', '1', { people: 'a', grades: 'b' }));
  const { rows: found } = await client.query(before.FIND_PUBLICATION, ['new']);
  expect(found).toMatchObject([{ sourceVersion: '1', tables: 2 }]);
  const { rows: tables } = await client.query(before.FIND_PUBLISHED_TABLES, ['new']);
  expect(tables).toHaveLength(2);
  const { prefix } = samplePublication('new', '1', { people: 'a', grades: 'b' });
  const { rows: published } = await client.query(before.IS_PUBLISHED, [prefix]);
  expect(published).toEqual([{ published: true }]);
  for (const statement of [before.LIST_DATASETS, before.FIND_VERSION]) {
    await client.query(statement, statement === before.FIND_VERSION ? [prefix] : []);
  }
  const { rows: recent } = await client.query(before.RECENT_IMPORTS, [5]);
  expect(recent.length).toBeGreaterThan(0);
});
