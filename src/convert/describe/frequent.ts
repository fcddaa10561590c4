/** The most frequent values of a column. */
import type { DuckDBConnection } from '@duckdb/node-api';

/** Characters of a value that are looked at; also bounds what examples show. */
export const MAX_VALUE_LENGTH = 200;

export interface FrequentValue {
  readonly value: string;
  readonly count: number;
}

/**
 * Most frequent first, then in the values' order; NULL is none.
 * @param count SQL: how often a row counts
 */
export async function mostFrequent(
  connection: DuckDBConnection,
  { relation, column, count }: { relation: string; column: string; count: string },
  limit: number,
): Promise<FrequentValue[]> {
  const reader = await connection.runAndReadAll(
    `SELECT left(${column}::VARCHAR, ${MAX_VALUE_LENGTH}), (${count})::DOUBLE FROM ${relation}
     WHERE ${column} IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ${limit}`,
  );
  return reader.getRows().map(([value, n]) => ({ value: value as string, count: n as number }));
}
