/** A bounded sample of a written table, spread over its length. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { quoteIdentifier } from '../relation.js';
import { MAX_VALUE_LENGTH, type FrequentValue } from './frequent.js';
import { parquetRelation } from './parquet-relation.js';

/** Rows that are looked at one by one; a whole table when it has no more. */
const SAMPLE_ROWS = 32_768;
/** Runs of neighbouring rows: each costs the reading of a row group or two. */
const STRIPES = 8;

/** Distinct values that are looked at for personal data. */
const DISTINCT_VALUES = 500;

/** Columns that one statement groups: a statement costs a millisecond, and one of many groupings is slow to plan. */
const COLUMNS_PER_QUERY = 16;

export interface TableSample {
  readonly rows: number;
  /** By column name. */
  readonly values: ReadonlyMap<string, SampledValues>;
}

export interface SampledValues {
  /** Most frequent first, then in the values' order; NULL is none. */
  readonly frequent: readonly FrequentValue[];
  /** In the order of their first appearance, 500 at most. */
  readonly distinct: readonly string[];
}

export function isWholeInSample(rows: number): boolean {
  return rows <= SAMPLE_ROWS;
}

let samples = 0;

/** @param frequent so many frequent values of each column at most */
export async function sampleOf(
  connection: DuckDBConnection,
  files: readonly string[],
  columns: readonly string[],
  rows: number,
  frequent: number,
): Promise<TableSample> {
  const table = `profile_sample_${++samples}`;
  // Long texts would not find the memory, and nobody looks at their ends.
  const starts = columns.map(quoteIdentifier).map((x) => `${startOf(x)} AS ${x}`);
  await connection.run(
    `CREATE TEMP TABLE ${table} AS SELECT ${starts.join(', ')} FROM ${parquetRelation(files)} ${restriction(files, rows)}`,
  );
  try {
    const counted = await connection.runAndReadAll(`SELECT count(*)::INTEGER FROM ${table}`);
    const values = new Map<string, SampledValues>();
    for (let from = 0; from < columns.length; from += COLUMNS_PER_QUERY) {
      const some = columns.slice(from, from + COLUMNS_PER_QUERY);
      const sampled = await sampledValues(connection, table, some, frequent);
      for (const [at, name] of some.entries()) values.set(name, sampled[at]!);
    }
    return { rows: counted.getRows()[0]![0] as number, values };
  } finally {
    await connection.run(`DROP TABLE IF EXISTS ${table}`);
  }
}

/** Grouped once for both: that is what takes the time. */
async function sampledValues(
  connection: DuckDBConnection,
  table: string,
  columns: readonly string[],
  frequent: number,
): Promise<SampledValues[]> {
  const grouped = columns.map(quoteIdentifier).map(
    (x, at) => `grouped_${at} AS MATERIALIZED (
       SELECT ${x} AS text, count(*)::DOUBLE AS n, min(rowid) AS first
       FROM ${table} WHERE ${x} IS NOT NULL GROUP BY 1)`,
  );
  const looked = columns.map(
    (_, at) => `
     (SELECT ${at}, text, n, true FROM grouped_${at} ORDER BY n DESC, text LIMIT ${frequent})
     UNION ALL
     (SELECT ${at}, text, n, false FROM grouped_${at} ORDER BY first LIMIT ${DISTINCT_VALUES})`,
  );
  const reader = await connection.runAndReadAll(
    `WITH ${grouped.join(', ')} ${looked.join(' UNION ALL ')}`,
  );
  const sampled = columns.map(() => ({
    frequent: [] as FrequentValue[],
    distinct: [] as string[],
  }));
  for (const row of reader.getRows()) {
    const [at, value, count, isFrequent] = row as [number, string, number, boolean];
    if (isFrequent) sampled[at]!.frequent.push({ value, count });
    else sampled[at]!.distinct.push(value);
  }
  return sampled;
}

function startOf(column: string): string {
  return `left(${column}::VARCHAR, ${MAX_VALUE_LENGTH})`;
}

function restriction(files: readonly string[], rows: number): string {
  if (isWholeInSample(rows)) return '';
  // Row numbers start anew in every part, so each part gives its share of stripes.
  const stripe = SAMPLE_ROWS / STRIPES / files.length;
  const step = rows / files.length / STRIPES;
  const ranges = Array.from({ length: STRIPES }, (_, index) => {
    const start = Math.floor(index * step);
    return `file_row_number BETWEEN ${start} AND ${start + Math.ceil(stripe) - 1}`;
  });
  return `WHERE ${ranges.join(' OR ')}`;
}
