/** The rows of files that DuckDB reads with several threads stand in the Parquet as they stood in the source. */
import { existsSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import { datasetSchema, settingsSchema } from '../../../src/config/datasets.js';
import { writeParquet } from '../../../src/convert/write/parquet.js';
import { convert, temporaryFolder } from '../../helpers/convert.js';

/** Together 60 MB: DuckDB gives a thread 8 MB of a file at a time. */
const ROWS = 200_000;
const PADDING = 'x'.repeat(150);

/** Every type that the proof writes, so that every rule's SQL is in the query. */
const CELLS: ReadonlyArray<readonly [type: string, cell: (row: number) => string]> = [
  ['DOUBLE', (row) => `${row % 997}.${1 + (row % 9)}`],
  ['BOOLEAN', (row) => String(row % 3 === 0)],
  ['DATE', (row) => `20${10 + (row % 10)}-01-0${1 + (row % 9)}`],
  ['TIMESTAMP', (row) => `2024-01-0${1 + (row % 9)} 10:00:00`],
  ['TIMESTAMP WITH TIME ZONE', (row) => `2024-01-0${1 + (row % 9)}T10:00:00+02:00`],
  ['DATE', (row) => `${13 + (row % 9)}/01/2024`],
  ['SMALLINT', (row) => ` ${300 + (row % 9)}`],
  ['DECIMAL(38,0)', (row) => `1234567890123456789012${row % 10}`],
  ['DECIMAL(22,20)', (row) => `12.1234567890123456789${1 + (row % 9)}`],
  ['VARCHAR', (row) => `0${row % 10}`],
];

test('in the order of the source, whatever the types', async () => {
  const lines = Array.from(
    { length: ROWS },
    (_x, row) => `${row},${CELLS.map(([, cell]) => cell(row)).join(',')},${PADDING}\n`,
  );
  const header = `n,${CELLS.map((_cell, column) => `c${column}`).join(',')},padding\n`;
  const { rows, description } = await convert(header + lines.join(''), {
    config: { row_group_size: 10_000 },
  });
  expect(description.columns.slice(1, -1).map(({ type }) => type)).toEqual(
    CELLS.map(([type]) => type),
  );
  const misplaced = rows.findIndex(([number], index) => number !== index);
  expect(misplaced).toBe(-1);
});

test('a query whose rows DuckDB would write in any order is refused before it runs', async () => {
  const folder = temporaryFolder();
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const select =
    'SELECT n, m FROM range(1000) AS one(n) JOIN range(1000) AS other(m) ON n = 999 - m';
  const writing = writeParquet(connection, {
    ...{ select, workDirectory: folder, base: 'parquet/table', metadata: {} },
    columns: ['n', 'm'].map((name) => ({ name, type: 'BIGINT' })),
    entry: { ...datasetSchema.parse({ kaggle_ref: 'o/s' }), name: 'sample' },
    settings: settingsSchema.parse({}),
    signal: new AbortController().signal,
  });
  await expect(writing).rejects.toThrow(/another order[\s\S]*JOIN/);
  expect(existsSync(`${folder}/parquet/table.parquet.tmp`)).toBe(false);
  connection.disconnectSync();
  instance.closeSync();
});
