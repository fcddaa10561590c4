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

export interface TableSample {
  readonly rows: number;
  valuesOf(column: string, frequent: number): Promise<SampledValues>;
}

export interface SampledValues {
  /** As `mostFrequent` gives them; as many as were asked for at most. */
  readonly frequent: FrequentValue[];
  /** In the order of their first appearance, 500 at most. */
  readonly distinct: string[];
}

let samples = 0;

/** Lends a sample of some columns to `use`; it is gone afterwards. */
export async function withSample<T>(
  connection: DuckDBConnection,
  files: readonly string[],
  columns: readonly string[],
  rows: number,
  use: (sample: TableSample) => Promise<T>,
): Promise<T> {
  const table = `profile_sample_${++samples}`;
  // Long texts would not find the memory, and nobody looks at their ends.
  const starts = columns.map(quoteIdentifier).map((x) => `${startOf(x)} AS ${x}`);
  await connection.run(
    `CREATE TEMP TABLE ${table} AS SELECT ${starts.join(', ')} FROM ${parquetRelation(files)} ${restriction(files, rows)}`,
  );
  try {
    const counted = await connection.runAndReadAll(`SELECT count(*)::INTEGER FROM ${table}`);
    return await use({
      rows: counted.getRows()[0]![0] as number,
      valuesOf: (column, frequent) => sampledValues(connection, table, column, frequent),
    });
  } finally {
    await connection.run(`DROP TABLE IF EXISTS ${table}`);
  }
}

/** Grouped once for both: that is what takes the time. */
async function sampledValues(
  connection: DuckDBConnection,
  table: string,
  column: string,
  frequent: number,
): Promise<SampledValues> {
  const x = quoteIdentifier(column);
  const reader = await connection.runAndReadAll(
    `WITH grouped AS MATERIALIZED (
       SELECT ${x} AS text, count(*)::DOUBLE AS n, min(rowid) AS first
       FROM ${table} WHERE ${x} IS NOT NULL GROUP BY 1)
     (SELECT text, n, true FROM grouped ORDER BY n DESC, text LIMIT ${frequent})
     UNION ALL (SELECT text, n, false FROM grouped ORDER BY first LIMIT ${DISTINCT_VALUES})`,
  );
  const rows = reader.getRows() as Array<[value: string, count: number, isFrequent: boolean]>;
  return {
    frequent: rows.filter((row) => row[2]).map(([value, count]) => ({ value, count })),
    distinct: rows.filter((row) => !row[2]).map(([value]) => value),
  };
}

function startOf(column: string): string {
  return `left(${column}::VARCHAR, ${MAX_VALUE_LENGTH})`;
}

function restriction(files: readonly string[], rows: number): string {
  if (rows <= SAMPLE_ROWS) return '';
  // Row numbers start anew in every part, so each part gives its share of stripes.
  const stripe = SAMPLE_ROWS / STRIPES / files.length;
  const step = rows / files.length / STRIPES;
  const ranges = Array.from({ length: STRIPES }, (_, index) => {
    const start = Math.floor(index * step);
    return `file_row_number BETWEEN ${start} AND ${start + Math.ceil(stripe) - 1}`;
  });
  return `WHERE ${ranges.join(' OR ')}`;
}
