/** A bounded sample of a written table, spread over its length. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { quoteIdentifier } from '../relation.js';
import { MAX_VALUE_LENGTH, mostFrequent, type FrequentValue } from './frequent.js';
import { parquetRelation } from './parquet-relation.js';

/** Rows that are looked at one by one; a whole table when it has no more. */
const SAMPLE_ROWS = 65_536;
/** Runs of neighbouring rows: whole vectors, so that Parquet readers can leave out what lies between. */
const STRIPES = 16;

/** Distinct values that are looked at for personal data. */
const DISTINCT_VALUES = 500;
export interface TableSample {
  readonly rows: number;
  frequentValues(column: string, limit: number): Promise<FrequentValue[]>;
  /** In the order of their first appearance, 500 at most. */
  distinctValues(column: string): Promise<string[]>;
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
  await connection.run(
    `CREATE TEMP TABLE ${table} AS SELECT ${columns.map(quoteIdentifier).join(', ')} FROM ${parquetRelation(files)} ${restriction(files, rows)}`,
  );
  try {
    const counted = await connection.runAndReadAll(`SELECT count(*)::INTEGER FROM ${table}`);
    return await use({
      rows: counted.getRows()[0]![0] as number,
      frequentValues: (column, limit) =>
        mostFrequent(
          connection,
          { relation: table, column: quoteIdentifier(column), count: 'count(*)' },
          limit,
        ),
      distinctValues: async (column) => {
        const reader = await connection.runAndReadAll(
          `SELECT left(${quoteIdentifier(column)}::VARCHAR, ${MAX_VALUE_LENGTH}) FROM ${table}
           WHERE ${quoteIdentifier(column)} IS NOT NULL
           GROUP BY 1 ORDER BY min(rowid) LIMIT ${DISTINCT_VALUES}`,
        );
        return reader.getRows().map(([value]) => value as string);
      },
    });
  } finally {
    await connection.run(`DROP TABLE IF EXISTS ${table}`);
  }
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
