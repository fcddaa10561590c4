/** The queries of the proof that more than one of its parts asks. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { quoteIdentifier, quoteText, type RelationColumn } from '../relation.js';
import type { TypeRule } from './rules.js';

/** One row of counts. Exact up to 2^53. */
export async function firstRow(connection: DuckDBConnection, sql: string): Promise<number[]> {
  const reader = await connection.runAndReadAll(sql);
  return (reader.getRows()[0] ?? []).map(Number);
}

/** The cells a type must hold for: not NULL, and not a token that stands for a missing value. */
export function values(sql: string, column: RelationColumn, tokens: readonly string[]): string {
  const x = quoteIdentifier(column.name);
  const list = tokens.map(quoteText).join(', ');
  const isValue = `${x} IS NOT NULL${tokens.length === 0 ? '' : ` AND ${x} NOT IN (${list})`}`;
  return `(SELECT row_number() OVER () AS row, ${x} AS x FROM ${sql} QUALIFY ${isValue})`;
}

/** The first cell that the rule would change: 1-based data row and the text. */
export async function firstCounterExample(
  connection: DuckDBConnection,
  sql: string,
  column: RelationColumn,
  tokens: readonly string[],
  rule: TypeRule,
): Promise<{ row: number; value: string }> {
  const cells = values(sql, column, tokens);
  const reader = await connection.runAndReadAll(
    `SELECT row::DOUBLE, x FROM ${cells} WHERE NOT (${rule.holds('x')}) ORDER BY row LIMIT 1`,
  );
  const [row, value] = reader.getRows()[0]!;
  return { row: Number(row), value: String(value) };
}
