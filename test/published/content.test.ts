/** What the catalog says of a table's cells is what they are, whatever they are; and each word of it that is not is found. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, test } from 'vitest';
import type { DescribedTable } from '../../src/catalog/index.js';
import { storableJson } from '../../src/catalog/json.js';
import { TableContent } from '../../src/published/content.js';
import { withEngine } from '../../src/convert/engine.js';
import type { ColumnDescription } from '../../src/convert/types.js';
import { convert, temporaryFolder, type Conversion } from '../helpers/convert.js';

const { signal } = new AbortController();
const CORPUS = join(import.meta.dirname, '..', 'corpus');

/** As the catalog has it. */
function describedOf({ description, result }: Conversion): DescribedTable {
  const columns = JSON.parse(storableJson(description.columns)) as ColumnDescription[];
  const parts = result.parts.map((part) => ({ ...part, key: part.file }));
  return { name: 'table', rows: result.rows, parts, columns } as unknown as DescribedTable;
}

async function problemsOf(table: DescribedTable, { folder, result }: Conversion) {
  const engine = { memoryLimitBytes: 400_000_000, temporaryDirectory: join(folder, 'spill') };
  return withEngine({ ...engine, signal, place: 'test' }, async (connection) => {
    const content = new TableContent(connection, table);
    for (const { file } of result.parts) await content.add(join(folder, file));
    const problems = [];
    for await (const problem of content.problems()) problems.push(problem);
    await content.close();
    return problems;
  });
}

describe('a file of the corpus is what is said of it', () => {
  const names = ['agate', 'pandas'].flatMap((folder) =>
    readdirSync(join(CORPUS, folder))
      .filter((name) => /\.(csv|tsv|txt)$/.test(name))
      .map((name) => join(folder, name)),
  );
  test.each(names)('%s', async (name) => {
    const conversion = await convert(readFileSync(join(CORPUS, name))).catch(() => undefined);
    // What cannot be converted is not published.
    if (conversion === undefined) return;
    expect(await problemsOf(describedOf(conversion), conversion)).toEqual([]);
  });
});

async function parquetOf(select: string): Promise<Buffer> {
  const file = join(temporaryFolder(), 'source.parquet');
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run(`SET TimeZone='UTC'; COPY (${select}) TO '${file}' (FORMAT parquet)`);
  connection.closeSync();
  return readFileSync(file);
}

/** Of every type that is stored, with what is odd of each. */
const TYPES = `
  (i % 7)::TINYINT AS tiny,
  (9007199254740993 + i)::BIGINT AS big,
  (i * 1.005)::DECIMAL(18, 3) AS exact,
  CASE i % 5 WHEN 0 THEN 'nan'::DOUBLE WHEN 1 THEN '-inf'::DOUBLE WHEN 2 THEN -0.0 ELSE i / 3 END AS odd,
  (i / 7)::DOUBLE AS plain,
  (CASE i % 2 WHEN 0 THEN 1e15 ELSE -1e15 END + i / 7)::DOUBLE AS cancelling,
  CASE i % 2 WHEN 0 THEN 0.0 ELSE -0.0 END AS zeros,
  (i / 7)::FLOAT AS narrow,
  i % 3 = 0 AS yes,
  DATE '1969-12-31' + i::INTEGER AS day,
  TIMESTAMP '1969-12-31 23:59:59.123456' + INTERVAL (i) MINUTE AS moment,
  TIMESTAMPTZ '2024-02-29 23:59:59+02' + INTERVAL (i) HOUR AS instant,
  'c' || chr((228 + i % 20)::INTEGER) || repeat('é', i % 300) AS long,
  chr(0) || i AS nul,
  'user' || i || '@example.org' AS mail,
  CASE WHEN i % 50 = 0 THEN 'ada@example.org' ELSE 'word' || i % 9 END AS some,
  NULL::VARCHAR AS nothing,
  [i, i + 1] AS list,
  {'a': i, 'b': 'x'} AS record,
  encode('b' || i) AS bytes`;

test.each([
  ['a small table', 600, {}],
  ['a table too large to be counted', 70_000, {}],
  ['a table of several parts', 70_000, { max_part_size: '200KB', row_group_size: 10_000 }],
  ['a table of no rows', 0, {}],
])(
  '%s of every type',
  async (_name, rows, config) => {
    const source = await parquetOf(`SELECT ${TYPES} FROM range(${rows}) AS r (i)`);
    const conversion = await convert(source, { format: 'parquet', config });
    if ('max_part_size' in config) expect(conversion.result.parts.length).toBeGreaterThan(2);
    expect(await problemsOf(describedOf(conversion), conversion)).toEqual([]);
  },
  60_000,
);

test('a table of more columns than are asked at once', async () => {
  const names = Array.from({ length: 251 }, (_, index) => `c${index}`);
  const row = names.map((_name, index) => index).join(',');
  const conversion = await convert(`${names.join(',')}\n${row}\n${row}\n`);
  const table = describedOf(conversion);
  expect(await problemsOf(table, conversion)).toEqual([]);
  (table.columns[250]!.stats as Record<string, unknown>)['max'] = 251;
  expect(await problemsOf(table, conversion)).toMatchObject([
    { what: 'ranges', expected: 'max of column c250: 251', found: 'max of column c250: 250' },
  ]);
}, 60_000);

test.each<[what: string, (columns: Record<string, Record<string, unknown>>) => void]>([
  ['nulls', ({ class: of }) => (of!['nullCount'] = 1)],
  ['ranges', ({ age }) => (age!['min'] = 17)],
  ['ranges', ({ age }) => (age!['max'] = 100)],
  ['ranges', ({ class: of }) => (of!['min'] = 'a')],
  ['ranges', ({ class: of }) => (of!['minLength'] = 1)],
  ['ranges', ({ share }) => (share!['nanCount'] = 1)],
  ['means', ({ age }) => (age!['mean'] = (age!['mean'] as number) * (1 + 1e-13))],
  ['means', ({ share }) => (share!['mean'] = (share!['mean'] as number) * (1 + 1e-13))],
  ['means', ({ share }) => (share!['stddev'] = (share!['stddev'] as number) * (1 + 1e-13))],
  ['classes', ({ class: of }) => (of!['mostFrequent'] as { count: number }[])[0]!.count++],
  [
    'classes',
    ({ class: of }) => ((of!['mostFrequent'] as { value: string }[])[1]!.value = 'maybe'),
  ],
])('%s that are not as they are said', async (what, alter) => {
  const conversion = await convert('class,age,share\nyes,18,0.1\nno,44,2e-7\nyes,21,0.3\n', {
    entry: { target_column: 'class' },
  });
  const table = describedOf(conversion);
  alter(Object.fromEntries(table.columns.map(({ name, stats }) => [name, stats])));
  expect(await problemsOf(table, conversion)).toMatchObject([{ what }]);
});
