/** Parquet that DuckDB would read less exactly than it is, or would take for something else. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import { convert, temporaryFolder } from '../../helpers/convert.js';

/** `1.3333333333333333333333333333333333333333` as DECIMAL(60,40), written by pyarrow. */
const WIDE_DECIMAL =
  'UEFSMRUAFUAVQCwVAhUAFQYVBhwAAAACAAAAAgEAAAAAAAAAAAAnLuKXryYw/4+inIFVVVVVVRUEGSw1ABgGc2NoZW1hFQIAFQ4VNBUCGAFk' +
  'JQoVUBV4LFwVUBV4AAAAFgIZHBkcJgAcFQ4ZJQYAGRgBZBUAFgIWZhZmJghJHBUAFQAVAgA8KQYZJgACAAAAFmYWAiYIFmYAKCBwYXJxdWV0' +
  'LWNwcC1hcnJvdyB2ZXJzaW9uIDI2LjAuMRkcHAAAAIoAAABQQVIx';
/** 1001 nanoseconds after 1970 in UTC, written by pyarrow. */
const NANOSECONDS =
  'UEFSMRUAFRwVHCwVAhUAFQYVBhwAAAACAAAAAgHpAwAAAAAAABUEGSw1ABgGc2NoZW1hFQIAFQQlAhgBdGyMERw8AAAAAAAWAhkcGRwmABwV' +
  'BBklBgAZGAF0FQAWAhZCFkImCEkcFQAVABUCADwpBhkmAAIAAAAWQhYCJggWQgAoIHBhcnF1ZXQtY3BwLWFycm93IHZlcnNpb24gMjYuMC4x' +
  'GRwcAAAAgwAAAFBBUjE=';

async function parquetOf(select: string): Promise<Buffer> {
  const file = join(temporaryFolder(), 'source.parquet');
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run(`COPY (${select}) TO '${file}' (FORMAT parquet)`);
  connection.closeSync();
  return readFileSync(file);
}

test('decimals of more than 38 digits, which DuckDB reads wrongly, are refused', async () => {
  const source = Buffer.from(WIDE_DECIMAL, 'base64');
  await expect(convert(source, { format: 'parquet' })).rejects.toMatchObject({
    code: 'FORMAT_UNREADABLE',
    message: expect.stringContaining('at most 38 digits') as string,
  });
});

test('nanoseconds of an instant are cut off, and the import says so', async () => {
  const { result } = await convert(Buffer.from(NANOSECONDS, 'base64'), { format: 'parquet' });
  expect(result.warnings).toEqual(['t: nanoseconds are cut off']);
});

test('a column with the name of the row number is sampled and split like any other', async () => {
  const source = await parquetOf(
    `SELECT 'x' || i AS file_row_number, i AS n FROM range(70000) t(i)`,
  );
  const config = { max_part_size: 200_000 };
  const { description, rows, result } = await convert(source, { format: 'parquet', config });
  expect(result.parts.length).toBeGreaterThan(1);
  expect(description.columns[0]).toMatchObject({
    ...{ name: 'file_row_number_2', originalName: 'file_row_number' },
    examples: expect.arrayContaining(['x0']) as unknown[],
  });
  expect(rows).toHaveLength(70_000);
  expect(rows.at(-1)).toEqual(['x69999', 69_999n]);
});

test('names equal but for case keep their originals', async () => {
  const file = await parquetOf(`SELECT 1 AS a, 2 AS b`);
  // DuckDB writes no such file: another name of the same length, in all places.
  const source = Buffer.from(file.toString('latin1').replaceAll('\x01b', '\x01A'), 'latin1');
  const { description } = await convert(source, { format: 'parquet' });
  const names = description.columns.map(({ name, originalName }) => [name, originalName]);
  expect(names).toEqual([
    ['a', 'a'],
    ['A_1', 'A'],
  ]);
});

test('a folder named like a partition adds no column', async () => {
  const folder = join(temporaryFolder(), 'year=2020');
  mkdirSync(folder);
  const source = await parquetOf(`SELECT 1 AS a`);
  const { result } = await convert(source, { format: 'parquet', folder });
  expect(result.columns).toBe(1);
});
