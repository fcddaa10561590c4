/** A large file begins to be written while its records are counted: what its start did not show comes out right, too. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBConnection } from '@duckdb/node-api';
import { afterEach, expect, test, vi } from 'vitest';
import { convert, temporaryFolder } from '../../helpers/convert.js';

/** Some 10 MB, of which a tenth is looked at before the reading. */
const ROWS = 90_000;
const MIDDLE = 60_000;
const FIRST = 100_000;
const PADDING = 'é'.repeat(45);

type Row = [count: number, text: string, price: number];

/** Numbers that are as long at the start as in the middle. */
const rowOf = (row: number): Row => [FIRST + row, `${PADDING} ${row}`, (row * 37) / 100];
const lineOf = (row: number): string => `${rowOf(row).join(',')}\n`;
const fileWith = (middle: string | Buffer): Buffer =>
  Buffer.concat([
    Buffer.from(`count,text,price\n`),
    ...Array.from({ length: ROWS }, (_x, row) =>
      row === MIDDLE ? Buffer.from(middle as string) : Buffer.from(lineOf(row)),
    ),
  ]);

/** What DuckDB is asked from now on, and by which connection. */
const watched = () => vi.spyOn(DuckDBConnection.prototype, 'runAndReadAll').mock;

afterEach(() => {
  vi.restoreAllMocks();
});

function firstWrong(rows: readonly unknown[][], known: (row: number) => readonly unknown[]) {
  return rows.findIndex((cells, row) => cells.some((cell, at) => cell !== known(row)[at]));
}

test('one COPY is run, and not by the connection that waits for the last record', async () => {
  const { calls, contexts } = watched();
  const { rows } = await convert(fileWith(lineOf(MIDDLE)));
  expect(rows).toHaveLength(ROWS);
  expect(firstWrong(rows, rowOf)).toBe(-1);
  const ranBy = (statement: RegExp) => contexts.filter((_one, at) => statement.test(calls[at]![0]));
  expect(ranBy(/^COPY/)).toHaveLength(1);
  expect(ranBy(/ FROM witnesses/)).toHaveLength(1);
  expect(ranBy(/^COPY/)[0] === ranBy(/ FROM witnesses/)[0]).toBe(false);
});

test.each<[string, string | Buffer, (row: number) => readonly unknown[], number]>([
  [
    'a text in a column of numbers',
    `${MIDDLE},there,some\n`,
    (row) =>
      row === MIDDLE
        ? [MIDDLE, 'there', 'some']
        : [...rowOf(row).slice(0, 2), String(rowOf(row)[2])],
    0,
  ],
  [
    'a number that needs a wider type',
    `7000000000,there,1.5\n`,
    (row) =>
      row === MIDDLE
        ? [7_000_000_000n, 'there', 1.5]
        : [BigInt(FIRST + row), ...rowOf(row).slice(1)],
    0,
  ],
  ['a record of two fields', `${MIDDLE},there\n`, (row) => rowOf(row < MIDDLE ? row : row + 1), 1],
  [
    'a byte that is not UTF-8',
    Buffer.concat([Buffer.from(`${MIDDLE},th`), Buffer.from([0xff]), Buffer.from('re,1.5\n')]),
    (row) => rowOf(row < MIDDLE ? row : row + 1),
    1,
  ],
  [
    'a line break within quotes',
    `${MIDDLE},"over\nthere",1.5\n`,
    (row) => (row === MIDDLE ? [MIDDLE, 'over\nthere', 1.5] : rowOf(row)),
    0,
  ],
])('in the middle %s', async (_name, middle, known, rejects) => {
  const { rows, result, folder } = await convert(fileWith(middle), {
    entry: { checks: { max_rejects: rejects } },
  });
  expect(result).toMatchObject({ rows: ROWS - rejects, rejects });
  expect(rows).toHaveLength(ROWS - rejects);
  expect(firstWrong(rows, known)).toBe(-1);
  expect(readdirSync(join(folder, 'parquet'))).toEqual(['table.parquet']);
});

test('a refused file leaves nothing behind', async () => {
  const folder = temporaryFolder();
  const source = fileWith(`${MIDDLE},there\n`);
  await expect(
    convert(source, { folder, entry: { checks: { max_rejects: 0 } } }),
  ).rejects.toMatchObject({ code: 'TOO_MANY_REJECTS' });
  expect(existsSync(join(folder, 'parquet', 'table.parquet.tmp'))).toBe(false);
});

test('an abort ends it', async () => {
  const { calls } = watched();
  const folder = temporaryFolder();
  const stop = new AbortController();
  const converting = convert(fileWith(lineOf(MIDDLE)), {
    ...{ folder, signal: stop.signal },
    onProgress: () => {
      if (calls.some(([sql]) => sql.startsWith('COPY'))) stop.abort(new Error('stopped'));
    },
  });
  await expect(converting).rejects.toThrow('stopped');
  expect(existsSync(join(folder, 'parquet', 'table.parquet.tmp'))).toBe(false);
});
