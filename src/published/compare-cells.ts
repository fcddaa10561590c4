/** Compares two Parquet copies of a table cell by cell, in the order of their rows. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { quoteIdentifier } from '../convert/relation.js';
import { selectFrom } from './relations.js';

export interface Difference {
  /** Absent for what is said of the whole table. */
  readonly column?: string;
  readonly expected: string;
  readonly found: string;
}

/** Statements of thousands of columns take long to plan. */
const COLUMNS_AT_ONCE = 200;

/**
 * Differences of `found` from `expected`; never with a value. Both are absolute paths of parts, in their order.
 * Cells are compared as text, which tells -0.0 from 0.0 and knows NaN.
 */
export async function compareCells(
  connection: DuckDBConnection,
  expected: readonly string[],
  found: readonly string[],
): Promise<Difference[]> {
  const [left, right] = [selectFrom(expected), selectFrom(found)];
  const [wanted, there] = [await columnsOf(connection, left), await columnsOf(connection, right)];
  const [wantedText, foundText] = [wanted, there].map((columns) =>
    columns.map(([name, type]) => `${name} ${type}`).join(', '),
  );
  if (wantedText !== foundText) return [{ expected: wantedText!, found: foundText! }];
  const [rows, rowsFound] = [await countRows(connection, left), await countRows(connection, right)];
  if (rows !== rowsFound) return [{ expected: `${rows} rows`, found: `${rowsFound} rows` }];
  const differences: Difference[] = [];
  for (let at = 0; at < wanted.length; at += COLUMNS_AT_ONCE) {
    const names = wanted.slice(at, at + COLUMNS_AT_ONCE).map(([name]) => name);
    differences.push(...(await differing(connection, left, right, names)));
  }
  return differences;
}

async function differing(
  connection: DuckDBConnection,
  left: string,
  right: string,
  names: readonly string[],
): Promise<Difference[]> {
  const of = (side: string) =>
    names.map((name, at) => `${quoteIdentifier(name)}::VARCHAR AS ${side}${at}`).join(', ');
  const measures = names.map((_name, at) => {
    const differs = `FILTER (WHERE l${at} IS DISTINCT FROM r${at})`;
    return `count(*) ${differs}::DOUBLE, min(n) ${differs}::DOUBLE`;
  });
  const reader = await connection.runAndReadAll(`
    SELECT ${measures.join(', ')}
    FROM (SELECT row_number() OVER () AS n, ${of('l')} FROM (${left}))
    POSITIONAL JOIN (SELECT ${of('r')} FROM (${right}))`);
  const values = reader.getRows()[0] as (number | null)[];
  return names.flatMap((column, at) => {
    const [count, row] = [values[2 * at], values[2 * at + 1]];
    if (!count) return [];
    const cells = count === 1 ? 'one cell' : `${count} cells`;
    return [
      {
        column,
        expected: `column ${column} as its source has it`,
        found: `${cells} with another value, first in row ${row}`,
      },
    ];
  });
}

async function columnsOf(connection: DuckDBConnection, relation: string) {
  const reader = await connection.runAndReadAll(`DESCRIBE ${relation}`);
  return reader.getRows().map(([name, type]) => [name, type] as [string, string]);
}

async function countRows(connection: DuckDBConnection, relation: string): Promise<number> {
  const reader = await connection.runAndReadAll(`SELECT count(*)::DOUBLE FROM (${relation})`);
  return reader.getRows()[0]![0] as number;
}
