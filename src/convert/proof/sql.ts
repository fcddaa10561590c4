/** The queries and expressions that more than one part of the proof uses. */
import { DuckDBMapValue, type DuckDBConnection, type DuckDBValue } from '@duckdb/node-api';
import { quoteIdentifier, quoteText, type RelationColumn } from '../relation.js';
import type { TypeRule } from './rules.js';

/** One row of counts, `undefined` for NULL. Exact up to 2^53. */
export async function firstRow(
  connection: DuckDBConnection,
  sql: string,
): Promise<(number | undefined)[]> {
  const reader = await connection.runAndReadAll(sql);
  return (reader.getRows()[0] ?? []).map((value) => (value === null ? undefined : Number(value)));
}

/** Not as `IN`, of which DuckDB makes a join for each column: a hundred of them need more than a gigabyte. */
export function isToken(x: string, tokens: readonly string[]): string {
  if (tokens.length === 0) return 'false';
  return `list_contains([${tokens.map(quoteText).join(', ')}], ${x})`;
}

/** The cells a type must hold for: not NULL, and no token that stands for a missing value. */
export function isValue(x: string, tokens: readonly string[]): string {
  return tokens.length === 0
    ? `${x} IS NOT NULL`
    : `${x} IS NOT NULL AND NOT ${isToken(x, tokens)}`;
}

/** The column's values as `x`, each with its 1-based data row. */
export function values(sql: string, column: RelationColumn, tokens: readonly string[]): string {
  const x = quoteIdentifier(column.name);
  const numbered = `SELECT row_number() OVER () AS row, ${x} AS x FROM ${sql}`;
  return `(SELECT row, x FROM (${numbered}) WHERE ${isValue('x', tokens)})`;
}

/** The first cell that the rule would change. */
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

/** SQL: how often each token stands in the column, as a map. */
export function tokenHistogram({ name }: RelationColumn, tokens: readonly string[]): string {
  const x = quoteIdentifier(name);
  return `histogram(CASE WHEN ${isToken(x, tokens)} THEN ${x} END)`;
}

/** How often each token stands in each column, in the columns' order; one reading of the source. */
export async function countTokens(
  connection: DuckDBConnection,
  sql: string,
  columns: ReadonlyArray<{ readonly column: RelationColumn; readonly tokens: readonly string[] }>,
): Promise<TokenCounts[]> {
  if (columns.length === 0) return [];
  const histograms = columns.map(({ column, tokens }) => tokenHistogram(column, tokens));
  const reader = await connection.runAndReadAll(`SELECT ${histograms.join(', ')} FROM ${sql}`);
  return reader.getRows()[0]!.map(tokenCounts);
}

export type TokenCounts = Readonly<Record<string, number>>;

/** A histogram's map, tokens in their order; no map when there is none of them. */
export function tokenCounts(histogram: DuckDBValue): TokenCounts {
  if (!(histogram instanceof DuckDBMapValue)) return {};
  const counts = histogram.entries.map(({ key, value }) => [String(key), Number(value)] as const);
  return Object.fromEntries(counts.sort(([a], [b]) => (a < b ? -1 : 1)));
}
