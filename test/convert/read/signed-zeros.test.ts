/** A Parquet source keeps the sign of each of its zeros, whatever the dictionaries of the written file. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import { convert, temporaryFolder } from '../../helpers/convert.js';

test.each([
  ['DOUBLE', (cell: string) => `${cell}::DOUBLE`, (value: unknown) => value],
  ['FLOAT', (cell: string) => `${cell}::FLOAT`, (value: unknown) => value],
  ['DOUBLE[]', (cell: string) => `[${cell}::DOUBLE]`, (value: unknown) => (value as unknown[])[0]],
])('%s', async (_type, column, cellOf) => {
  const file = join(temporaryFolder(), 'source.parquet');
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const cell = `(CASE WHEN i % 2 = 0 THEN -0.0::DOUBLE ELSE 0.0::DOUBLE END)`;
  const select = `SELECT i, ${column(cell)} AS x FROM range(20000) r(i)`;
  await connection.run(`COPY (${select}) TO '${file}' (DICTIONARY_SIZE_LIMIT 0)`);
  const { rows } = await convert(readFileSync(file), { format: 'parquet' });
  const wrong = rows.filter(([i, x]) => Object.is(cellOf(x), -0) !== (Number(i) % 2 === 0));
  expect([rows.length, wrong.length]).toEqual([20_000, 0]);
});
