/** Rows read without DuckDB are looked up in the Parquet: another order and other cells are noticed. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import { datasetSchema, settingsSchema } from '../../../src/config/datasets.js';
import { withEngine } from '../../../src/convert/engine.js';
import { KeptRows } from '../../../src/convert/read/kept-rows.js';
import { openTextTable } from '../../../src/convert/read/text/open-text.js';
import { writeProven } from '../../../src/convert/write/proven.js';
import { checkWitnesses } from '../../../src/convert/write/witnesses.js';
import { temporaryFolder } from '../../helpers/convert.js';

const ROWS = 50_000;
const LINES = Array.from(
  { length: ROWS },
  (_x, row) => `${row % 1000},"say ""${row}""",${row % 5 === 0 ? '' : 'NA'},${row / 8}\n`,
);

/** Converts the lines, lets `tamper` change the written file, and looks the witnesses up. */
async function check(
  tamper: (connection: DuckDBConnection, file: string) => Promise<unknown>,
  config: object = {},
): Promise<void> {
  const folder = temporaryFolder();
  const file = join(folder, 'source.csv');
  mkdirSync(join(folder, 'scratch'));
  writeFileSync(file, `row,text,token,number\n${LINES.join('')}`);
  const entry = { ...datasetSchema.parse({ kaggle_ref: 'o/s' }), name: 'sample' };
  const settings = settingsSchema.parse({ row_group_size: 2048, ...config });
  const signal = new AbortController().signal;
  const place = 'source.csv';
  const engine = {
    memoryLimitBytes: 1e9,
    temporaryDirectory: join(folder, 'spill'),
    signal,
    place,
  };
  await withEngine(engine, async (connection) => {
    const relation = await openTextTable({
      ...{ connection, file, entry, signal, scratchDirectory: join(folder, 'scratch') },
      table: {
        ...{ name: 'table', originalPath: place, file: 'source.csv', format: 'csv' },
        ...{ sourceBytes: 0, sourceSha256: '' },
      },
      onRead: () => undefined,
      pinFor: (pin: string) => pin,
    });
    const written = await writeProven(connection, relation, {
      ...{ workDirectory: folder, base: 'parquet/table', columns: 4, metadata: {} },
      ...{ entry, settings, signal, place, onPhase: () => undefined },
    });
    await tamper(connection, join(folder, written.parts.at(-1)!.file));
    await checkWitnesses(connection, relation, written, { workDirectory: folder, place });
  });
}

/** Writes the file's rows anew: `select` from `rows`, which has them with their number `n`. */
function rewrite(select: string) {
  return async (connection: DuckDBConnection, file: string): Promise<void> => {
    await connection.run(
      `CREATE TEMP TABLE changed AS WITH rows AS (
         SELECT * EXCLUDE (file_row_number), file_row_number AS n
         FROM read_parquet('${file}', file_row_number=true)) ${select}`,
    );
    await connection.run(`COPY (SELECT * EXCLUDE (n) FROM changed) TO '${file}' (FORMAT parquet)`);
  };
}

const asItIs = () => Promise.resolve();

test('rows in their places are found, in one file and in parts', async () => {
  await expect(check(asItIs)).resolves.toBeUndefined();
  await expect(check(asItIs, { max_part_size: '100KB' })).resolves.toBeUndefined();
});

test.each([
  ['row groups that changed places', 'SELECT * FROM rows ORDER BY xor(n // 2048, 1), n'],
  ['neighbours that changed places', 'SELECT * FROM rows ORDER BY xor(n, 1)'],
  ['another text', `SELECT * REPLACE (text || '.' AS text) FROM rows ORDER BY n`],
  ['a text that became missing', 'SELECT * REPLACE (NULL AS token) FROM rows ORDER BY n'],
  ['a number that is not quite the same', 'SELECT * REPLACE (number + 1e-9 AS number) FROM rows'],
])('%s: noticed', async (_name, select) => {
  await expect(check(rewrite(select))).rejects.toMatchObject({
    code: 'LEDGER_MISMATCH',
    message: expect.stringContaining('row'),
  });
});

test('witnesses are the first row and others, evenly over all rows that are offered', () => {
  const witnesses = new KeptRows();
  for (let row = 0; row < 1_000_000; row += 100) witnesses.offer(row, 10, () => []);
  const rows = witnesses.rows.map(({ row }) => row);
  expect(rows[0]).toBe(0);
  expect(rows.at(-1)).toBeGreaterThan(900_000);
  const gaps = rows.slice(1).map((row, index) => row - rows[index]!);
  expect(Math.max(...gaps)).toBeLessThanOrEqual(3 * Math.min(...gaps));
  expect(rows.length).toBeGreaterThan(15);
});

test('so they are in the last of the parts', async () => {
  const tampered = check(rewrite('SELECT * FROM rows ORDER BY -n'), { max_part_size: '100KB' });
  await expect(tampered).rejects.toMatchObject({ code: 'LEDGER_MISMATCH' });
});
