/** JSON, NDJSON and Excel keep every digit and tell NULL from empty; Parquet passes through. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { datasetSchema } from '../../../src/config/datasets.js';
import { openFormat } from '../../../src/convert/read/open-format.js';
import type { TextRelation } from '../../../src/convert/relation.js';
import type { TableFormat } from '../../../src/convert/types.js';

let folder: string;
let connection: DuckDBConnection;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'formats-'));
  connection = await (await DuckDBInstance.create(':memory:')).connect();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function open(format: TableFormat, file: string): Promise<TextRelation> {
  return openFormat({
    connection,
    table: { name: 't', originalPath: file, file, format, sourceBytes: 1, sourceSha256: '' },
    file: join(folder, file),
    scratchDirectory: join(folder, 'scratch'),
    entry: { name: 'd', ...datasetSchema.parse({ source: { path: '/d' } }) },
    signal: new AbortController().signal,
    onRead: () => undefined,
    pinFor: (pin: string) => pin,
  });
}

async function rowsOf(relation: TextRelation): Promise<unknown[][]> {
  return (await connection.runAndReadAll(`SELECT * FROM ${relation.sql}`)).getRowsJson();
}

async function rowsOfText(format: TableFormat, text: string): Promise<unknown[][]> {
  await writeFile(join(folder, `t.${format}`), text);
  return rowsOf(await open(format, `t.${format}`));
}

test('a JSON array keeps source digits, nested text, NULL and empty text apart', async () => {
  const text =
    '[{"a": 1152921504606846976, "b": 1.10, "c": {"x": [1, 2.50]}, "d": ""}, {"a": null, "d": "q\\"\\n,\\\\N", "e": true}]';
  expect(await rowsOfText('json', text)).toEqual([
    ['1152921504606846976', '1.10', '{"x": [1, 2.50]}', '', null],
    [null, null, null, 'q"\n,\\N', 'true'],
  ]);
});

test('a single column of NULLs and texts loses no record', async () => {
  const rows = await rowsOfText('ndjson', '{"a":null}\n{"a":""}\n\n{"a":"\\\\N"}\n');
  expect(rows).toEqual([[null], [''], ['\\N']]);
});

test('columns, split, records and member tables are all read', async () => {
  const expected = [
    ['1', 'x'],
    ['2', 'y'],
  ];
  for (const text of [
    '{"a":[1,2],"b":["x","y"]}',
    '{"a":{"0":1,"1":2},"b":{"0":"x","1":"y"}}',
    '{"columns":["a","b"],"index":[0,1],"data":[[1,"x"],[2,"y"]]}',
    '{"source":"s","records":[{"a":1,"b":"x"},{"a":2,"b":"y"}]}',
    '{"a":1,"b":"x"}\n{"a":2,"b":"y"}',
  ]) {
    expect(await rowsOfText('json', text), text).toEqual(expected);
  }
});

test('broken lines and repeated names are rejects with line, reason and raw text', async () => {
  await writeFile(join(folder, 'r.ndjson'), '{"a":1}\n{"a":\n{"a":1,"a":2}\n{"a":4}');
  const relation = await open('ndjson', 'r.ndjson');
  expect(relation.sourceRecords).toBe(4);
  expect(relation.rejects.first.map(({ line, raw }) => [line, raw])).toEqual([
    [2, '{"a":'],
    [3, '{"a":1,"a":2}'],
  ]);
  expect(await rowsOf(relation)).toEqual([['1'], ['4']]);
});

test('a cut JSON array is refused', async () => {
  await expect(rowsOfText('json', '[{"a":1},{"a":')).rejects.toThrow(/cut/);
});

test('Parquet keeps its types and counts its records from the footer', async () => {
  const file = join(folder, 'p.parquet');
  await connection.run(`COPY (SELECT i, [i] AS l FROM range(7) t(i)) TO '${file}'`);
  const relation = await open('parquet', 'p.parquet');
  expect(relation.sourceRecords).toBe(7);
  expect(relation.columns.map(({ typed }) => typed)).toEqual(['BIGINT', 'BIGINT[]']);
});

test('half of a surrogate pair is a reject: UTF-8 has no place for it', async () => {
  await writeFile(
    join(folder, 's.json'),
    '[{"a":"\\ud800"},{"a":"\\ud83d\\ude00"},{"\\udc00":1},{"a":{"b":"\\ud800"}}]',
  );
  const relation = await open('json', 's.json');
  expect(relation.rejects.first.map(({ line }) => line)).toEqual([1, 3]);
  expect(await rowsOf(relation)).toEqual([['😀'], ['{"b":"\\ud800"}']]);
});

test('of a name that stands twice, neither value is lost', async () => {
  expect(await rowsOfText('json', '{"columns":["a","a"],"data":[[1,2],[3,4]]}')).toEqual([
    ['1', '2'],
    ['3', '4'],
  ]);
  expect(await rowsOfText('json', '{"a":{"0":1,"0":2}}')).toEqual([['{"0":1,"0":2}']]);
  for (const text of [
    '{"data":[{"a":1}],"data":[{"a":2}]}',
    '{"columns":["a"],"data":[[1]],"data":[[2]]}',
  ]) {
    await expect(rowsOfText('json', text)).rejects.toMatchObject({ code: 'FORMAT_UNREADABLE' });
  }
});

test.each([
  ['{"version":3,"rows":[{"a":1},{"a":2}],"tags":["x"]}', ['"version", "tags"']],
  ['{"columns":["a"],"index":["r1","r2"],"data":[[1],[2]],"name":"x"}', ['"name"']],
  ['{"columns":["a"],"index":[0,1],"data":[[1],[2]]}', []],
])('what stands beside the records of %s is told', async (text, names) => {
  await writeFile(join(folder, 'w.json'), text);
  const relation = await open('json', 'w.json');
  expect(relation.sourceRecords).toBe(2);
  expect(relation.warnings).toEqual(names.map((name) => `left out beside the records: ${name}`));
});

test('a new name in every record ends early, with what to do', async () => {
  const lines = Array.from({ length: 20_000 }, (_x, n) => `{"k${n}":${n}}\n`).join('');
  await writeFile(join(folder, 'keys.ndjson'), lines);
  await expect(open('ndjson', 'keys.ndjson')).rejects.toMatchObject({
    code: 'FORMAT_UNREADABLE',
    message: expect.stringContaining('2001 names in 2001 records'),
  });
});
