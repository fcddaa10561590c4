/** How often the most frequent values of a column stand there, where the catalog has counted all rows. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { MAX_VALUE_LENGTH } from '../convert/describe/frequent.js';
import { mask } from '../convert/describe/mask.js';
import type { ColumnDescription } from '../convert/types.js';
import { quoteIdentifier, quoteText } from '../convert/relation.js';
import { classesOf } from './diff.js';

/** By the value as it is shown. */
export type Counts = Map<string, number>;

/**
 * Nothing of a column that was counted in a sample only. Left out is a value that was masked, for several have its shape,
 * and one that the catalog could not hold as it is (`catalog/json.ts`).
 */
export function expectedCounts(
  { stats, personalData }: ColumnDescription,
  rows: number,
): ReadonlyMap<string, number> | undefined {
  if (personalData !== undefined || stats['sampledRows'] !== rows) return undefined;
  const counts: Counts = new Map();
  for (const [value, count] of classesOf({ stats })) {
    if (isMask(value) || /[␀\uFFFD]/.test(value)) continue;
    const plain = plainZero(value);
    counts.set(plain, (counts.get(plain) ?? 0) + count);
  }
  return counts;
}

/** Adds those of `relation` to `counted`. */
export async function countValues(
  connection: DuckDBConnection,
  relation: string,
  name: string,
  isFloat: boolean,
  wanted: ReadonlyMap<string, number>,
  counted: Counts,
): Promise<void> {
  if (wanted.size === 0) return;
  const column = quoteIdentifier(name);
  // Grouped by their values, both zeros are one.
  const value = `left((${isFloat ? `${column} + 0` : column})::VARCHAR, ${MAX_VALUE_LENGTH})`;
  const reader = await connection.runAndReadAll(
    `SELECT ${value} AS value, count(*)::DOUBLE FROM ${relation}
     WHERE ${value} IN (${[...wanted.keys()].map(quoteText).join(', ')}) GROUP BY 1`,
  );
  for (const [text, count] of reader.getRows() as [string, number][]) {
    counted.set(text, (counted.get(text) ?? 0) + count);
  }
}

function isMask(value: string): boolean {
  return /[x9]{2}/.test(value) && mask(value) === value;
}

function plainZero(value: string): string {
  return value === '-0.0' ? '0.0' : value;
}
