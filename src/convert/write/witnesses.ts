/** Looks some rows of the source up in the Parquet: that each stands in its place, with every cell. */
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { ImportError } from '../../errors/index.js';
import { UNPROVEN } from '../proof/likely.js';
import { quoteIdentifier, quoteText, type TextRelation } from '../relation.js';
import type { WrittenPart } from './parquet.js';
import type { ProvenParquet } from './proven.js';

/** Rows of thousands of columns, compared at once, would need a gigabyte. */
const COLUMNS_A_QUERY = 400;

/**
 * The rows were read without DuckDB, so this also vouches for the order that it wrote them in.
 * Throws LEDGER_MISMATCH with the first row that is not there.
 */
export async function checkWitnesses(
  connection: DuckDBConnection,
  { witnesses }: TextRelation,
  { parts, proven }: ProvenParquet,
  { workDirectory, place }: { readonly workDirectory: string; readonly place: string },
): Promise<void> {
  if (!witnesses) return;
  const mismatch = (found: string): ImportError => {
    const expected = 'the row as the record of the source has it';
    return new ImportError('LEDGER_MISMATCH', { place, expected, found });
  };
  const row = nameBeside(proven.columns.map(({ column }) => column.name));
  const places = `[${witnesses.rows.join(', ')}][row_number() OVER ()] AS ${row}`;
  for (let from = 0; from < proven.columns.length; from += COLUMNS_A_QUERY) {
    const columns = proven.columns.slice(from, from + COLUMNS_A_QUERY);
    const expressions = columns.map(({ expression }) => expression).join(', ');
    const names = columns.map(({ column }) => quoteIdentifier(column.name)).join(', ');
    const source = `SELECT ${places}, ${expressions} FROM ${witnesses.sql}`;
    const written = writtenRows(parts, workDirectory, names, witnesses.rows);
    const missing = `SELECT min(${row})::DOUBLE FROM ((${source}) EXCEPT (${written}))`;
    const reader = await connection.runAndReadAll(missing).catch((error: unknown) => {
      if (!(error instanceof Error && error.message.includes(UNPROVEN))) throw error;
      throw mismatch('a cell that the two readers read differently');
    });
    const [first] = reader.getRows()[0]!;
    if (first !== null) throw mismatch(`another row ${Number(first) + 1}`);
  }
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
  return quoteIdentifier(name);
}
