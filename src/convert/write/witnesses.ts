/** Looks some rows of the source up in the Parquet: that each stands in its place, with every cell. */
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { ImportError } from '../../errors/index.js';
import { UNPROVEN } from '../prove/likely.js';
import { quoteIdentifier, quoteText, type TextRelation, type Witness } from '../relation.js';
import type { WrittenPart } from './parquet.js';
import type { ProvenParquet } from './proven.js';

/** Rows of thousands of columns, compared at once, would need a gigabyte. */
const COLUMNS_A_QUERY = 400;
const WITNESSES = 'witnesses';

/**
 * The rows were read without DuckDB, and their texts are handed to it as they are: this also vouches for how it read
 * the source, and for the order that it wrote the rows in.
 * Throws LEDGER_MISMATCH with the first row that is not there.
 */
export async function checkWitnesses(
  connection: DuckDBConnection,
  { witnesses = [], columns: read }: TextRelation,
  { parts, proven }: ProvenParquet,
  { workDirectory, place }: { readonly workDirectory: string; readonly place: string },
): Promise<void> {
  if (witnesses.length === 0) return;
  const mismatch = (found: string): ImportError => {
    const expected = 'the row as the record of the source has it';
    return new ImportError('LEDGER_MISMATCH', { place, expected, found });
  };
  const row = nameBeside(proven.columns.map(({ column }) => column.name));
  const rows = witnesses.map((witness) => witness.row);
  for (let from = 0; from < proven.columns.length; from += COLUMNS_A_QUERY) {
    const columns = proven.columns.slice(from, from + COLUMNS_A_QUERY);
    const needed = columns.map(({ column }) => column.name);
    const places = needed.map((name) => read.findIndex((one) => one.name === name));
    await appendWitnesses(connection, witnesses, row, needed, places);
    const expressions = columns.map(({ expression }) => expression).join(', ');
    const names = needed.map(quoteIdentifier).join(', ');
    const source = `SELECT ${quoteIdentifier(row)}, ${expressions} FROM ${WITNESSES}`;
    const written = writtenRows(parts, workDirectory, names, rows);
    const missing = `SELECT min(${quoteIdentifier(row)})::DOUBLE FROM ((${source}) EXCEPT (${written}))`;
    const reader = await connection.runAndReadAll(missing).catch((error: unknown) => {
      if (!(error instanceof Error && error.message.includes(UNPROVEN))) throw error;
      throw mismatch('a cell that the two readers read differently');
    });
    const [first] = reader.getRows()[0]!;
    if (first !== null) throw mismatch(`another row ${Number(first) + 1}`);
  }
}

/** Value by value: no reader of text stands between. */
async function appendWitnesses(
  connection: DuckDBConnection,
  witnesses: readonly Witness[],
  row: string,
  names: readonly string[],
  places: readonly number[],
): Promise<void> {
  const columns = names.map((name) => `${quoteIdentifier(name)} VARCHAR`);
  const list = [`${quoteIdentifier(row)} BIGINT`, ...columns].join(', ');
  await connection.run(`CREATE OR REPLACE TEMP TABLE ${WITNESSES} (${list})`);
  const appender = await connection.createAppender(WITNESSES);
  for (const { row: at, cells } of witnesses) {
    appender.appendBigInt(BigInt(at));
    for (const place of places) {
      const cell = cells[place];
      if (cell === null || cell === undefined) appender.appendNull();
      else appender.appendVarchar(cell);
    }
    appender.endRow();
  }
  appender.closeSync();
}

/** The rows at these places, each with its place in the whole table before its cells. */
function writtenRows(
  parts: readonly WrittenPart[],
  workDirectory: string,
  columns: string,
  rows: readonly number[],
): string {
  let first = 0;
  const selects = parts.map(({ file, rows: count }) => {
    const within = rows.map((row) => row - first).filter((row) => row >= 0 && row < count);
    const source = `read_parquet(${quoteText(join(workDirectory, file))}, file_row_number=true)`;
    const select = `SELECT file_row_number + ${first}, ${columns} FROM ${source} WHERE file_row_number IN (${within.join(', ')})`;
    first += count;
    return within.length > 0 ? [select] : [];
  });
  return selects.flat().join(' UNION ALL ');
}

function nameBeside(names: readonly string[]): string {
  const taken = new Set(names.map((name) => name.toLowerCase()));
  let name = 'row';
  while (taken.has(name)) name += '_';
  return name;
}
