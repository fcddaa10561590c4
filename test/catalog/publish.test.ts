/** Publishing is one transaction: all of a version or nothing, once, whoever publishes beside it. */
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Catalog } from '../../src/catalog/index.js';
import { createTestCatalog, type TestCatalog } from '../helpers/test-database.js';
import { publishSample, RAW_EMAIL, samplePublication } from '../helpers/sample-publication.js';

let database: TestCatalog;
let catalog: Catalog;
let sql: pg.Pool;

beforeAll(async () => {
  database = await createTestCatalog();
  ({ catalog } = database);
  sql = new pg.Pool({ connectionString: database.url });
});
afterAll(async () => {
  await sql.end();
  await database.drop();
});

async function counts(dataset: string): Promise<Record<string, number>> {
  const { rows } = await sql.query<Record<string, number>>(
    `SELECT count(DISTINCT d.id)::int AS datasets, count(DISTINCT v.id)::int AS versions,
       count(DISTINCT f.id)::int AS files, count(c.position)::int AS columns
     FROM datasets d
     LEFT JOIN dataset_versions v ON v.dataset_id = d.id
     LEFT JOIN dataset_files f ON f.version_id = v.id
     LEFT JOIN file_columns c ON c.file_id = f.id
     WHERE d.dataset_name = $1`,
    [dataset],
  );
  return rows[0]!;
}

test('a published version is found with its tables, parts, rejects and columns', async () => {
  const publication = samplePublication('found', '1', { people: 'a', grades: 'b' });
  expect(await catalog.findPublication('found')).toBeUndefined();
  expect(await catalog.versionAt(publication.prefix)).toBeUndefined();
  const { versionId, alreadyPublished } = await publishSample(catalog, publication);
  expect(alreadyPublished).toBe(false);
  expect(await catalog.versionAt(publication.prefix)).toBe(versionId);
  expect(await catalog.findPublication('found')).toEqual({
    versionId,
    sourceVersion: '1',
    sourceKind: 'kaggle',
    sourceReference: 'owner/people',
    configDigest: publication.configDigest,
    prefix: publication.prefix,
    publishedAt: expect.stringMatching(/^\d{4}-.*Z$/),
    tables: 2,
    rows: 6,
    parquetBytes: 600,
    generation: 1,
  });
  const [grades, people] = await catalog.findPublishedTables('found');
  expect(grades).toMatchObject({ name: 'grades' });
  const { table } = publication.tables[0]!.description;
  expect(people).toMatchObject({
    name: 'people',
    originalPath: 'people.csv',
    sourceSha256: table.sourceSha256,
    tableDigest: publication.tables[0]!.tableDigest,
    parts: [{ key: `${publication.prefix}/people.parquet`, rows: 3, bytes: 300 }],
    rejectsPart: { key: `${publication.prefix}/rejects/people.parquet`, rows: 1 },
    rows: 3,
    rejects: 1,
    columns: [
      { position: 0, name: 'passed', originalName: 'PASSED', type: 'BOOLEAN', nullable: true },
      { position: 1, name: 'email', personalData: 'email' },
    ],
  });
  const { rows } = await sql.query('SELECT * FROM datasets WHERE dataset_name = $1', ['found']);
  expect(rows[0]).toMatchObject({
    kaggle_ref: 'owner/people',
    domain: ['education'],
    task: ['classification'],
    instances_number: '6',
    features_number: 2,
    licence: 'CC0-1.0',
  });
});

test('publishing twice, one after the other and side by side, leaves one set of rows', async () => {
  const publication = samplePublication('twice', '1', { people: 'a' });
  const publishers = Array.from({ length: 5 }, () => publishSample(catalog, publication));
  const results = await Promise.all(publishers);
  results.push(await publishSample(catalog, publication));
  expect(new Set(results.map(({ versionId }) => versionId)).size).toBe(1);
  expect(results.filter(({ alreadyPublished }) => !alreadyPublished)).toHaveLength(1);
  // A table, its rejects, a skipped file and the two descriptions.
  expect(await counts('twice')).toEqual({ datasets: 1, versions: 1, files: 5, columns: 2 });
});

test('versions published one after the other: one is current, all are whole', async () => {
  for (const version of ['1', '2', '3']) {
    await publishSample(catalog, samplePublication('race', version, { people: version }));
  }
  const { rows } = await sql.query(
    `SELECT count(*) FILTER (WHERE state = 'current')::int AS current, count(*)::int AS all
     FROM dataset_versions v JOIN datasets d ON d.id = v.dataset_id WHERE dataset_name = 'race'`,
  );
  expect(rows[0]).toEqual({ current: 1, all: 3 });
  expect(await counts('race')).toMatchObject({ datasets: 1, versions: 3, files: 15 });
});

test('a publisher that is killed in the middle leaves nothing visible', async () => {
  await publishSample(catalog, samplePublication('killed', '1', { people: 'a' }));
  const before = await counts('killed');
  // The second version waits for this lock after its dataset row, version and files were sent.
  const blocker = await sql.connect();
  await blocker.query('BEGIN');
  await blocker.query('LOCK TABLE file_columns IN ACCESS EXCLUSIVE MODE');
  const next = samplePublication('killed', '2', { people: 'b' });
  const attempt = publishSample(catalog, next).catch((error: unknown) => error);
  const { rows } = await waitForPublisher();
  await sql.query('SELECT pg_terminate_backend($1)', [rows[0]!.pid]);
  expect(await attempt).toMatchObject({ code: 'DATABASE_UNREACHABLE', retryable: true });
  await blocker.query('ROLLBACK');
  blocker.release();
  expect(await counts('killed')).toEqual(before);
  expect(await catalog.findPublication('killed')).toMatchObject({ sourceVersion: '1' });
  expect(await catalog.versionAt(next.prefix)).toBeUndefined();
  expect(await publishSample(catalog, next)).toMatchObject({ alreadyPublished: false });
  expect(await catalog.findPublication('killed')).toMatchObject({ sourceVersion: '2' });
});

async function waitForPublisher(): Promise<pg.QueryResult<{ pid: number }>> {
  for (;;) {
    const result = await sql.query<{ pid: number }>(
      `SELECT pid FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock'
         AND query LIKE '%INSERT INTO file_columns%'`,
    );
    if (result.rows.length > 0) return result;
  }
}

test('unchanged tables are carried over with the objects they have, from version to version', async () => {
  const first = samplePublication('carried', '1', { people: 'a', grades: 'b' });
  const { versionId } = await publishSample(catalog, first);
  await publishSample(catalog, samplePublication('carried', '2', { grades: 'c' }, ['people']));
  const third = samplePublication('carried', '3', { grades: 'd' }, ['people']);
  await publishSample(catalog, third);
  // The retry of a publisher that was killed after its commit.
  await publishSample(catalog, third);
  const tables = await catalog.findPublishedTables('carried');
  expect(tables.map(({ name, parts }) => [name, parts[0]!.key])).toEqual([
    ['grades', `${third.prefix}/grades.parquet`],
    ['people', `${first.prefix}/people.parquet`],
  ]);
  expect(tables[1]).toMatchObject({
    rejectsPart: { key: `${first.prefix}/rejects/people.parquet` },
    columns: [{ name: 'passed' }, { name: 'email' }],
  });
  const { rows } = await sql.query<{ carried_over_from: string }>(
    `SELECT f.carried_over_from FROM dataset_files f
     JOIN datasets d ON d.current_version_id = f.version_id AND d.dataset_name = 'carried'
     WHERE f.table_name = 'people'`,
  );
  expect(rows.map((row) => row.carried_over_from)).toEqual([versionId, versionId]);
  expect(await catalog.findPublication('carried')).toMatchObject({ tables: 2, rows: 6 });
});

test('a table that is not there cannot be carried over, and nothing is published', async () => {
  const first = samplePublication('absent', '1', { people: 'a' });
  await publishSample(catalog, first);
  const second = samplePublication('absent', '2', { people: 'b' }, ['grades']);
  await expect(publishSample(catalog, second)).rejects.toMatchObject({
    code: 'CARRIED_OVER_MISSING',
    message: expect.stringContaining('grades'),
  });
  expect(await catalog.findPublication('absent')).toMatchObject({ sourceVersion: '1' });
  expect(await counts('absent')).toMatchObject({ versions: 1 });
});

test('an older version becomes current again without new rows', async () => {
  const { versionId } = await publishSample(catalog, samplePublication('back', '1', { a: 'a' }));
  await publishSample(catalog, samplePublication('back', '2', { a: 'b' }));
  const before = await counts('back');
  const run = { workflowId: 'rollback', runId: 'run-back' };
  await catalog.startImport({ dataset: 'back', ...run, startedAt: '2026-01-02T00:00:00.000Z' });
  await catalog.makeCurrent(versionId, run);
  expect(await catalog.findPublication('back')).toMatchObject({
    sourceVersion: '1',
    generation: 3,
  });
  expect(await counts('back')).toEqual(before);
  // The retry of what was killed after its commit.
  await catalog.makeCurrent(versionId, run);
  expect(await catalog.findPublication('back')).toMatchObject({ generation: 3 });
  const nowhere = '00000000-0000-4000-8000-000000000000';
  await expect(catalog.makeCurrent(nowhere, run)).rejects.toMatchObject({
    code: 'VERSION_MISSING',
  });
});

test('no raw value of a personal column reaches the catalog; masked ones do', async () => {
  await publishSample(catalog, samplePublication('personal', '1', { people: 'a' }));
  const { rows } = await sql.query<{ text: string; example_values: string[] }>(
    `SELECT c::text AS text, c.example_values FROM file_columns c
     JOIN dataset_files f ON f.id = c.file_id
     JOIN datasets d ON d.current_version_id = f.version_id AND d.dataset_name = 'personal'
     WHERE c.is_pii`,
  );
  expect(rows).toHaveLength(1);
  expect(rows[0]!.text).not.toContain(RAW_EMAIL);
  expect(rows[0]!.example_values).toEqual(['a**@example.org']);
});

test('NUL and half surrogate pairs, which PostgreSQL cannot hold, are made visible', async () => {
  await publishSample(catalog, samplePublication('nul', '1', { people: 'a' }));
  const { rows } = await sql.query<{ provenance: unknown }>(
    `SELECT provenance FROM dataset_versions v JOIN datasets d ON d.current_version_id = v.id
     WHERE dataset_name = 'nul'`,
  );
  expect(rows[0]!.provenance).toMatchObject({ 'nul␀': 'nul ␀ and half a pair \ufffd' });
});
