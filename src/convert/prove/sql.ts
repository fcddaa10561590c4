/** The queries and expressions that more than one part of the proof uses. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { quoteIdentifier, quoteText, type RelationColumn } from '../relation.js';
import type { TypeRule } from './rule.js';

/**
 * SQL truth: `x` is one of the texts. Never `IN`, which DuckDB makes a join of for five texts and more: a `COPY` with
 * a join in it does not keep the order of the rows, and needs memory for each.
 */
export function isOneOf(x: string, texts: readonly string[]): string {
  return `list_contains([${texts.map(quoteText).join(', ')}], ${x})`;
}

/** SQL truth: `x` is one of the tokens; NULL for NULL. The length spares most cells the comparisons. */
export function isToken(x: string, tokens: readonly string[]): string {
  if (tokens.length === 0) return 'false';
  const longest = Math.max(...tokens.map((token) => Buffer.byteLength(token)));
  return `CASE WHEN strlen(${x}) > ${longest} THEN false ELSE ${isOneOf(x, tokens)} END`;
}

/** SQL truth: `x` is a token as the rule sees it. */
export function isMissing(x: string, tokens: readonly string[], rule: TypeRule): string {
  return isToken(rule.bare?.(x) ?? x, tokens);
}

/** The cells a type must hold for: not NULL, and no token that stands for a missing value. */
export function isValue(x: string, tokens: readonly string[], bare = x): string {
  return tokens.length === 0
    ? `${x} IS NOT NULL`
    : `${x} IS NOT NULL AND NOT ${isToken(bare, tokens)}`;
}

/**
 * SQL truth: the rule would change this cell. Not with AND, which takes DuckDB ten times as long to plan for the rule of
 * DOUBLE; and most cells hold, so they are not looked up among the tokens.
 */
export function isChanged(x: string, tokens: readonly string[], rule: TypeRule): string {
  return `CASE WHEN ${rule.holds(x)} THEN false ELSE ${isValue(x, tokens, rule.bare?.(x))} END`;
}

/** The first cell that the rule would change, with its 1-based data row. */
export async function firstCounterExample(
  connection: DuckDBConnection,
  sql: string,
  column: RelationColumn,
  tokens: readonly string[],
  rule: TypeRule,
): Promise<{ row: number; value: string }> {
  const numbered = `SELECT row_number() OVER () AS row, ${quoteIdentifier(column.name)} AS x FROM ${sql}`;
  const reader = await connection.runAndReadAll(
    `SELECT row::DOUBLE, x FROM (${numbered}) ` +
      `WHERE ${isChanged('x', tokens, rule)} ORDER BY row LIMIT 1`,
  );
  const [row, value] = reader.getRows()[0]!;
  return { row: Number(row), value: String(value) };
}

/** Which of the rules hold for one text. */
export async function holdsFor(
  connection: DuckDBConnection,
  text: string,
  rules: readonly TypeRule[],
): Promise<boolean[]> {
  if (rules.length === 0) return [];
  const truths = rules.map((rule) => `coalesce(${rule.holds('x')}, false)`);
  const reader = await connection.runAndReadAll(
    `SELECT ${truths.join(', ')} FROM (SELECT $1::VARCHAR AS x)`,
    [text],
  );
  return reader.getRows()[0] as boolean[];
}
