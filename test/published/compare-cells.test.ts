/** Two copies of a table: every cell that differs is counted by its column and first row, and none is shown. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withEngine } from '../../src/convert/engine.js';
import { compareCells } from '../../src/published/compare-cells.js';

const { signal } = new AbortController();
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kaggle-import-cells-'));
});
afterAll(() => rm(directory, { recursive: true }));

const ROWS = 200_000;
const COPY = `SELECT i::INTEGER AS i, 'text ' || i AS t, CASE i % 3 WHEN 0 THEN 'NaN'::DOUBLE WHEN 1 THEN NULL ELSE '-0.0'::DOUBLE END AS d
  FROM range(${ROWS}) AS r (i)`;

/** Of a copy that is made of `statement`, in files of so many rows each. */
const differences = (statement: string, rowsPerFile: number) =>
  withEngine(
    { memoryLimitBytes: 500_000_000, temporaryDirectory: directory, signal, place: 'test' },
    async (connection) => {
      const write = async (name: string, sql: string, at: number, rows: number) => {
        const file = join(directory, `${name}-${at}.parquet`);
        await connection.run(
          `COPY (${sql} LIMIT ${rows} OFFSET ${at}) TO '${file}' (FORMAT parquet)`,
        );
        return file;
      };
      const one = await write('one', COPY, 0, ROWS);
      const others = [];
      for (let at = 0; at < ROWS; at += rowsPerFile) {
        others.push(await write('other', statement, at, rowsPerFile));
      }
      return compareCells(connection, [one], others);
    },
  );

test('the same cells, however they are cut into files', async () => {
  expect(await differences(COPY, ROWS)).toEqual([]);
  expect(await differences(COPY, 70_000)).toEqual([]);
});

test('one cell of 600,000, two numbers, and a NULL', async () => {
  const changed = `SELECT i, CASE i WHEN 123456 THEN 'x' ELSE t END AS t,
    CASE WHEN i IN (2, 5) THEN 1.5 WHEN i = 7 THEN 1 ELSE d END AS d FROM (${COPY})`;
  expect(await differences(changed, 70_000)).toEqual([
    {
      column: 't',
      expected: 'column t as its source has it',
      found: 'one cell with another value, first in row 123457',
    },
    {
      column: 'd',
      expected: 'column d as its source has it',
      found: '3 cells with another value, first in row 3',
    },
  ]);
});

test('the sign of a zero is a difference', async () => {
  const unsigned = `SELECT i, t, CASE WHEN d = 0 THEN 0.0 ELSE d END AS d FROM (${COPY})`;
  expect(await differences(unsigned, ROWS)).toMatchObject([
    { column: 'd', found: expect.stringMatching(/^\d{5} cells .* row 3$/) },
  ]);
});

test('other types, other rows', async () => {
  expect(await differences(`SELECT i::BIGINT AS i, t, d FROM (${COPY})`, ROWS)).toEqual([
    { expected: 'i INTEGER, t VARCHAR, d DOUBLE', found: 'i BIGINT, t VARCHAR, d DOUBLE' },
  ]);
  expect(await differences(`SELECT * FROM (${COPY}) WHERE i > 0`, ROWS)).toEqual([
    { expected: `${ROWS} rows`, found: `${ROWS - 1} rows` },
  ]);
});
