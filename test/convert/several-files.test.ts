/** Files that are one table: in natural order, columns by name, types over all of them, the ledger of each and in sum. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { configFileSchema } from '../../src/config/datasets.js';
import { convertTable, unpack } from '../../src/convert/index.js';
import type { TableDescription } from '../../src/convert/types.js';
import { readParquet, temporaryFolder } from '../helpers/convert.js';

type Files = Readonly<Record<string, string>>;

async function read(files: Files, entry: object, config: object = {}) {
  const workDirectory = temporaryFolder();
  const file = configFileSchema.parse({ config, datasets: { d: { kaggle_ref: 'o/d', ...entry } } });
  const common = { workDirectory, entry: { ...file.datasets['d']!, name: 'd' } };
  const signal = new AbortController().signal;
  const downloaded = Object.entries(files).map(([path, content]) => {
    const absolutePath = join(workDirectory, 'downloads', path);
    mkdirSync(dirname(absolutePath), { recursive: true });
    writeFileSync(absolutePath, content);
    const sha256 = createHash('sha256').update(content).digest('hex');
    return { path, absolutePath, bytes: Buffer.byteLength(content), sha256 };
  });
  const { limits } = file.config;
  const { tables } = await unpack({ ...common, files: downloaded, limits, signal });
  const converted = [];
  for (const table of tables) {
    const metadata = { source: 'test' };
    const isOneOfSeveral = tables.length > 1;
    const request = { ...common, table, settings: file.config, isOneOfSeveral, metadata, signal };
    const result = await convertTable(request);
    const text = readFileSync(join(workDirectory, result.descriptionFile), 'utf8');
    const rows = [];
    for (const part of result.parts)
      rows.push(...(await readParquet(join(workDirectory, part.file))));
    converted.push({ ...result, rows, description: JSON.parse(text) as TableDescription });
  }
  return converted;
}

test('parts in natural order, with the name of their file, and types that hold for all', async () => {
  const files = {
    'trips_10.csv': 'id,fare\n5,7.5\n',
    'trips_2.csv': 'id,fare\n3,2\n4,3\n',
    'trips_1.csv': 'id,fare\n1,10\n2,300\n',
    'zones.csv': 'zone\nA\n',
  };
  const tables = { trips: { files: 'trips_*.csv', file_column: 'file' } };
  const [trips, zones] = await read(files, { tables });
  expect([trips!.name, zones!.name]).toEqual(['trips', 'zones']);
  expect(trips!.rows).toEqual([
    { id: 1, fare: 10, file: 'trips_1.csv' },
    { id: 2, fare: 300, file: 'trips_1.csv' },
    { id: 3, fare: 2, file: 'trips_2.csv' },
    { id: 4, fare: 3, file: 'trips_2.csv' },
    { id: 5, fare: 7.5, file: 'trips_10.csv' },
  ]);
  const { columns, byteLedger, dialect } = trips!.description;
  expect(columns.map(({ type }) => type)).toEqual(['TINYINT', 'DOUBLE', 'VARCHAR']);
  const bytes = ['trips_1.csv', 'trips_2.csv', 'trips_10.csv'].map(
    (path) => files[path as 'zones.csv'].length,
  );
  expect(
    (dialect['files'] as { bytes: number; rows: number }[]).map((file) => [file.bytes, file.rows]),
  ).toEqual([
    [bytes[0], 2],
    [bytes[1], 2],
    [bytes[2], 1],
  ]);
  const counted = Object.values(byteLedger!).reduce((sum, kind) => sum + kind.bytes, 0);
  expect(counted).toBe(bytes.reduce((sum, one) => sum + one, 0));
  expect(trips!.warnings).toEqual([]);
});

test('folders that name a value are typed columns; what a file lacks is missing, and told', async () => {
  const files = {
    'year=2020/month=01/a.csv': 'x,y\n1,a\n',
    'year=2021/month=12/a.csv': 'y,x,z\nb,2,9\n',
    'year=__HIVE_DEFAULT_PARTITION__/month=02/a.csv': 'x,y\n3,\n',
  };
  const [all] = await read(files, { tables: { all: ['year=*/**/*.csv'] } });
  expect(all!.rows).toEqual([
    { x: 3, y: null, z: null, year: null, month: '02' },
    { x: 1, y: 'a', z: null, year: 2020, month: '01' },
    { x: 2, y: 'b', z: 9, year: 2021, month: '12' },
  ]);
  expect(all!.warnings).toContainEqual(
    expect.stringMatching(/column "z" is missing in 2 of 3 files \(year=.*NULL there/),
  );
});

test('a reject names its file, and counts for the table', async () => {
  const files = { 'p1.csv': 'a,b\n1,2\n3\n4,5\n', 'p2.csv': 'a,b\n6,7\n8,9,0\n' };
  const entry = { tables: { p: 'p*.csv' } };
  await expect(read(files, entry)).rejects.toMatchObject({
    code: 'TOO_MANY_REJECTS',
    context: { found: expect.stringMatching(/^2: line 3: p1\.csv: /) as string },
  });
  const [p] = await read(files, { ...entry, checks: { max_rejects: 2 } });
  expect(p).toMatchObject({ sourceRecords: 5, rows: [{ a: 1 }, { a: 4 }, { a: 6 }], rejects: 2 });
});

test('a reject with a line separator of Unicode is one', async () => {
  const files = { 'p1.csv': 'a,b\n1,2\n3\u20284\n4,5\n', 'p2.csv': 'a,b\n6,7\n' };
  const [p] = await read(files, { tables: { p: 'p*.csv' }, checks: { max_rejects: 1 } });
  expect(p).toMatchObject({ sourceRecords: 4, rejects: 1 });
});

test('many rows of many files, plain and rewritten, stand in the order of their files', async () => {
  const files: Record<string, string> = {};
  const expected: number[] = [];
  for (let part = 1; part <= 12; part += 1) {
    const rows = Array.from({ length: 5000 }, (_, at) => part * 10_000 + at);
    expected.push(...rows);
    // Every third has other quotes and line ends: it is written anew before DuckDB reads it.
    const line = part % 3 === 0 ? (n: number) => `'${n}';'a''b'\r\n` : (n: number) => `${n};ab\n`;
    files[`part-${part}.csv`] = `n;t\n${rows.map(line).join('')}`;
  }
  const [all] = await read(files, { tables: { all: 'part-*.csv' } });
  expect(all!.rows.map((row) => row['n'])).toEqual(expected);
});

test('JSON, too; a table without files, or of several formats, says so', async () => {
  const files = { '2020/01.json': '[{"a": 1}]', '2020/02.json': '[{"a": 2, "b": "x"}]' };
  const [all] = await read(files, { tables: { all: '2020/*.json' } });
  expect(all!.rows).toEqual([
    { a: 1, b: null },
    { a: 2, b: 'x' },
  ]);
  await expect(read(files, { tables: { none: '2021/*' } })).rejects.toMatchObject({
    code: 'NO_TABLES',
    context: { place: 'tables: {none: 2021/*}' },
  });
  const mixed = { ...files, '2020/03.csv': 'a\n1\n' };
  await expect(read(mixed, { tables: { all: '2020/*' } })).rejects.toMatchObject({
    code: 'FORMAT_UNREADABLE',
    context: { expected: 'json', found: 'csv: 2020/03.csv' },
  });
});

test('files whose names and columns agree are told once, with the lines that make them one table', async () => {
  const part = 'a,b\n1,2\n';
  const files = { 'd/s_1.csv': part, 'd/s_2.csv': part, 'd/s_3.csv': part, 'd/t_1.csv': 'x\n1\n' };
  const told = (await read(files, {})).map(({ name, warnings }) => [name, ...warnings]);
  expect(told).toEqual([
    ['d__s_1', expect.stringContaining('tables: {d_s: "d/s_*.csv"}')],
    ['d__s_2'],
    ['d__s_3'],
    ['d__t_1'],
  ]);
  const other = { ...files, 'd/s_2.csv': 'a,c\n1,2\n' };
  expect((await read(other, {})).flatMap(({ warnings }) => warnings)).toEqual([]);
});

test('pins that let the files in are tried for each that is refused, and told for all', async () => {
  const files = {
    'trips_1.csv': 'id,fare\n1,10\n2\n',
    'trips_2.csv': 'id,fare\n3,2\n4,3\n',
    'trips_3.csv': 'id,fare\n5\n6,3\n',
  };
  const entry = { tables: { trips: 'trips_*.csv' }, csv: { null_tokens: ['-'] } };
  const { nextStep } = (await read(files, entry).catch((error: unknown) => error)) as {
    nextStep: string;
  };
  const told = /(?<=then\): ).*?(?=\. Or)/.exec(nextStep)![0];
  const pad = { csv: { ragged: 'pad' } };
  expect(parse(told)).toEqual({ files: { 'trips_1.csv': pad, 'trips_3.csv': pad } });
  const [trips] = await read(files, { ...entry, ...(parse(told) as object) });
  expect(trips!.rows).toHaveLength(6);
});
