/** Profiles and checks of a table as it was written, on real Parquet. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { datasetSchema } from '../../../src/config/datasets.js';
import type { CheckedTable } from '../../../src/convert/describe/checks/checked-table.js';
import { runChecks } from '../../../src/convert/describe/checks/index.js';
import { isCardNumber, isIban } from '../../../src/convert/describe/personal-data.js';
import { profileTable } from '../../../src/convert/describe/profile-table.js';

let folder: string;
let file: string;
let connection: DuckDBConnection;
const ROWS = 200_000;
const columns = [
  ['id', 'BIGINT'],
  ['class', 'VARCHAR'],
  ['score', 'DOUBLE'],
  ['contact', 'VARCHAR'],
  ['big', 'DECIMAL(38,0)'],
].map(([name, type]) => ({ name: name!, type: type!, originalName: name! }));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'profile-'));
  file = join(folder, 't.parquet');
  connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run(`COPY (SELECT i AS id, CASE WHEN i % 4 = 0 THEN NULL WHEN i % 4 = 1 THEN 'NA' ELSE 'no' END AS class,
    CASE WHEN i = 5 THEN 'nan'::DOUBLE WHEN i = 6 THEN 'inf'::DOUBLE ELSE i / 2 END AS score,
    'ada' || i || '@lovelace.org' AS contact, (i::HUGEINT * 1000000000000000 + i)::DECIMAL(38,0) AS big
    FROM range(${ROWS}) t(i)) TO '${file}'`);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function entryOf(fields: object) {
  return { name: 'd', ...datasetSchema.parse({ source: { path: '/d' }, ...fields }) };
}

async function check(rules: object[], fields: object = {}) {
  const entry = entryOf({ checks: { rules, severity: 'warn' }, ...fields });
  return checked({ files: [file], columns, entry, rows: ROWS });
}

async function checked(table: Omit<CheckedTable, 'profiles'>) {
  const profiles = await profileTable(connection, { ...table, statistics: new Map() });
  return runChecks(connection, { ...table, profiles });
}

test('a profile is JSON-safe, survives NaN and infinity, and shows no personal value', async () => {
  const profile = await profileTable(connection, {
    files: [file],
    columns,
    entry: entryOf({}),
    rows: ROWS,
    statistics: new Map(),
  });
  const text = JSON.stringify([...profile]);
  expect(text).not.toContain('lovelace');
  expect(profile.get('contact')!.personalData).toBe('email');
  expect(profile.get('id')!.stats).toMatchObject({ nullCount: 0, min: 0, max: ROWS - 1 });
  expect(profile.get('class')!.stats).toMatchObject({ nullCount: ROWS / 4, minLength: 2 });
  expect(profile.get('class')!.examples).toEqual(['NA', 'no']);
  expect(profile.get('score')!.stats).toMatchObject({ nanCount: 1, infiniteCount: 1, min: 0 });
  expect(profile.get('big')!.stats.max).toBe('199999000000000199999');
  expect(profile.get('id')!.stats.sampledRows).toBe(32_768);
  expect(profile.get('id')!.stats).toHaveProperty('approxDistinct');
});

test('the few values of a large table are counted, not estimated', async () => {
  const path = join(folder, 'few.parquet');
  await connection.run(`COPY (SELECT CASE WHEN i < 3 THEN 'rare' ELSE 'value ' || i % 3000 END AS t,
    i % 7 = 0 AS b, CASE WHEN i % 4 = 0 THEN NULL WHEN i = 1 THEN 'inf'::DOUBLE ELSE i % 5 + 0.5 END AS d,
    i % 100 AS n FROM range(${ROWS}) r(i)) TO '${path}'`);
  const profile = await profileTable(connection, {
    files: [path],
    columns: ['t VARCHAR', 'b BOOLEAN', 'd DOUBLE', 'n BIGINT'].map((text) => {
      const [name, type] = text.split(' ') as [string, string];
      return { name, type, originalName: name };
    }),
    entry: entryOf({ target_column: 't' }),
    rows: ROWS,
    statistics: new Map(),
  });
  const stats = (name: string) => profile.get(name)!.stats;
  expect(stats('t')).toMatchObject({ distinct: 3001, minLength: 4, maxLength: 10, min: 'rare' });
  expect(stats('t').mostFrequent).toHaveLength(20);
  expect(stats('t').mostFrequent).toContainEqual({ value: 'value 10', count: 67 });
  expect(stats('b')).toMatchObject({
    ...{ distinct: 2, min: false, max: true, sampledRows: ROWS },
    mostFrequent: [
      { value: 'false', count: 171_428 },
      { value: 'true', count: 28_572 },
    ],
  });
  expect(stats('d')).toMatchObject({
    distinct: 6,
    nullCount: 50_000,
    infiniteCount: 1,
    nanCount: 0,
  });
  expect(stats('d')).toMatchObject({ min: 0.5, max: 4.5 });
  const values = Array.from({ length: ROWS }, (_x, i) => i % 100);
  const variance = values.reduce((sum, value) => sum + (value - 49.5) ** 2, 0) / (ROWS - 1);
  expect(stats('n')).toMatchObject({ distinct: 100, mean: 49.5, min: 0, max: 99 });
  expect(stats('n').stddev).toBeCloseTo(Math.sqrt(variance), 10);
});

test('IBAN and card numbers need their checksum', () => {
  expect(isIban('GB82 WEST 1234 5698 7654 32')).toBe(true);
  expect(isIban('GB83 WEST 1234 5698 7654 32')).toBe(false);
  expect(isCardNumber('4111 1111 1111 1111')).toBe(true);
  expect(isCardNumber('4111 1111 1111 1112')).toBe(false);
});

test('each rule passes and fails with expected and found', async () => {
  const rules = (good: boolean) => [
    { row_count: { min: good ? 1 : ROWS + 1 } },
    { missing: { column: 'class', max_percent: good ? 25 : 24 } },
    { unique: good ? ['id'] : ['class'] },
    { accepted_values: { column: 'class', values: good ? ['NA', 'no'] : ['no'] } },
    { range: { column: 'id', min: 0, max: good ? ROWS : 10 } },
    { regex: { column: 'contact', pattern: good ? '.+@.+' : '@' } },
  ];
  const passed = await check(rules(true));
  expect(passed.filter((result) => !result.passed)).toEqual([]);
  const failed = await check(rules(false));
  expect(failed.filter((result) => result.passed)).toEqual([]);
});

test('freshness is the age of the latest date', async () => {
  const recent = new Date(Date.now() - 3 * 86_400_000).toISOString().slice(0, 10);
  const path = join(folder, 'f.parquet');
  await connection.run(
    `COPY (SELECT DATE '2001-01-01' AS d UNION ALL SELECT DATE '${recent}') TO '${path}'`,
  );
  const results = await Promise.all(
    [10, 1].map((days) =>
      checked({
        ...{ files: [path], rows: 2 },
        columns: [{ name: 'd', type: 'DATE', originalName: 'd' }],
        entry: entryOf({
          checks: { rules: [{ freshness: { column: 'd', max_age_days: days } }] },
        }),
      }),
    ),
  );
  expect(results.flat().map(({ passed }) => passed)).toEqual([true, false]);
  expect(results[1]![0]!.message).toContain(recent);
});

test('a check on the wrong kind of column fails with the kind', async () => {
  const results = await check([
    { range: { column: 'class', min: 0 } },
    { freshness: { column: 'id', max_age_days: 1 } },
  ]);
  expect(results.map(({ passed }) => passed)).toEqual([false, false]);
  expect(results.map(({ message }) => message).join()).toMatch(/VARCHAR.*BIGINT/);
});

test('a misspelt column is answered with the nearest, and a failing `fail` throws', async () => {
  const [unknown] = await check([{ unique: ['clas'] }]);
  expect(unknown!.message).toContain('"class"');
  await expect(check([{ row_count: { max: 1 }, severity: 'fail' }])).rejects.toMatchObject({
    code: 'CHECK_FAILED',
  });
});

test('a pin that no column has is a check that fails, with the nearest name', async () => {
  const [unknown] = await check([], { columns: { clas: 'VARCHAR' } });
  expect(unknown).toMatchObject({ check: 'columns', column: 'clas', passed: false });
  expect(unknown!.message).toContain('"class"');
});

test('a regular expression that cannot be read is a mistake of the configuration', async () => {
  await expect(check([{ regex: { column: 'contact', pattern: '(' } }])).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringContaining('missing )') as string,
  });
});

test('the target must exist, and suit its task', async () => {
  const failures = async (fields: object) =>
    (await check([], fields)).filter(({ passed }) => !passed).map((result) => result.check);
  expect(await failures({ target_column: 'class', ml_task: 'classification' })).toEqual([]);
  expect(await failures({ target_column: 'class', ml_task: 'regression' })).toEqual([
    'ml_task regression',
  ]);
  expect(await failures({ target_column: 'Class', ml_task: 'regression' })).toEqual([
    'target_column',
  ]);
  expect(await failures({ target_column: 'contact', ml_task: 'classification' })).toEqual([
    'ml_task classification',
  ]);
  expect(await failures({ target_column: 'score', ml_task: 'binary classification' })).toEqual([
    'ml_task classification',
  ]);
  expect(await failures({ target_column: 'score', ml_task: 'regression' })).toEqual([]);
  const strict = { checks: { severity: 'fail' }, target_column: 'Class' };
  await expect(check([], strict)).rejects.toMatchObject({ code: 'CHECK_FAILED' });
});
