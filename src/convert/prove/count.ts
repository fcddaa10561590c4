/** Counts over the whole source, many columns in one reading: nulls, tokens, and the cells that a rule would change. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { quoteIdentifier, quoteText, type RelationColumn } from '../relation.js';
import type { Candidate } from './candidates.js';
import { TEXT, type TypeRule } from './rule.js';
import { isChanged, isMissing, isValue } from './sql.js';

/** DuckDB keeps memory for every aggregate: thousands of columns in one query would need more than there is. */
const COLUMNS_A_QUERY = 400;
const TOKEN_COLUMNS_A_QUERY = 25;

export interface Count {
  readonly nulls: number;
  /** Cells that are a token. */
  readonly tokenCells: number;
  readonly failures: number;
  /** What the rule measures, if it does and the column has values. Exact up to 2^53. */
  readonly measured: readonly [number, number] | undefined;
}

/** Counts for the first rule of each candidate, in their order. */
export async function countFailures(
  connection: DuckDBConnection,
  sql: string,
  candidates: readonly Candidate[],
): Promise<{ rows: number; counts: Count[] }> {
  const counts: Count[] = [];
  const ask = async (batch: readonly Candidate[]): Promise<number> => {
    const reader = await connection.runAndReadAll(
      `SELECT ${['count(*)::DOUBLE', ...batch.flatMap(aggregates)].join(', ')} FROM ${sql}`,
    );
    const [rows, ...found] = reader.getRows()[0]!;
    for (const index of batch.keys()) counts.push(countOf(found.slice(5 * index, 5 * index + 5)));
    return Number(rows);
  };
  // A table without such columns has rows all the same.
  const rows = await ask(candidates.slice(0, COLUMNS_A_QUERY));
  for (let from = COLUMNS_A_QUERY; from < candidates.length; from += COLUMNS_A_QUERY) {
    await ask(candidates.slice(from, from + COLUMNS_A_QUERY));
  }
  return { rows, counts };
}

function aggregates({ column, tokens, rules }: Candidate): string[] {
  const x = quoteIdentifier(column.name);
  const rule = rules[0]!;
  const value = isValue(x, tokens, rule.bare?.(x));
  const failures = rule === TEXT ? '0' : `count_if(${isChanged(x, tokens, rule)})`;
  const [low, high] = rule.measures?.(x, value) ?? ['NULL', 'NULL'];
  return [
    `count_if(${x} IS NULL)::DOUBLE`,
    `count_if(${isMissing(x, tokens, rule)})::DOUBLE`,
    `${failures}::DOUBLE`,
    `(${low})::DOUBLE`,
    `(${high})::DOUBLE`,
  ];
}

function countOf([nulls, tokenCells, failures, low, high]: readonly unknown[]): Count {
  return {
    nulls: Number(nulls),
    tokenCells: Number(tokenCells),
    failures: Number(failures),
    measured: low === null || high === null ? undefined : [Number(low), Number(high)],
  };
}

/** How often each of its tokens stands in each column; one record a column, in their order. */
export async function countTokens(
  connection: DuckDBConnection,
  sql: string,
  columns: ReadonlyArray<{
    readonly column: RelationColumn;
    readonly tokens: readonly string[];
    readonly rule: TypeRule;
  }>,
): Promise<Array<Record<string, number>>> {
  const found: Array<Record<string, number>> = [];
  for (let from = 0; from < columns.length; from += TOKEN_COLUMNS_A_QUERY) {
    const batch = columns.slice(from, from + TOKEN_COLUMNS_A_QUERY);
    const counts = batch.flatMap(({ column, tokens, rule }) => {
      const x = quoteIdentifier(column.name);
      return tokens.map(
        (token) => `count_if(${rule.bare?.(x) ?? x} = ${quoteText(token)})::DOUBLE`,
      );
    });
    const reader = await connection.runAndReadAll(`SELECT ${counts.join(', ')} FROM ${sql}`);
    const answers = reader.getRows()[0]!.map(Number);
    for (const { tokens } of batch) {
      const named = tokens.map((token) => [token, answers.shift()!] as const);
      found.push(Object.fromEntries(named.filter(([, count]) => count > 0)));
    }
  }
  return found;
}
