/** Counts every value of columns that have few of them: exactly, and in less time than an estimate would take. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { quoteIdentifier, quoteText } from '../relation.js';
import type { ColumnStatistics } from '../write/parquet.js';
import { mostFrequent, type FrequentValue } from './frequent.js';
import { measureCounts } from './measures.js';
import { parquetRelation, typeFamily } from './parquet-relation.js';

/** Tables of no more rows are counted whatever their columns hold, but for long texts, which fill the memory. */
const FEW_ROWS = 65_536;
const FEW_BYTES = 128e6;
/** Each column is a query of its own, which wide tables have no time for. */
const FEW_COLUMNS = 64;

let counted = 0;

interface CountableColumn {
  readonly name: string;
  /** As DuckDB spells it. */
  readonly type: string;
}

/**
 * The columns whose values are worth counting: that of the classes; all of a small table; booleans and those with a
 * dictionary in every row group, which DuckDB groups by without looking at every row.
 */
export async function countableColumns<Column extends CountableColumn>(
  connection: DuckDBConnection,
  files: readonly string[],
  columns: readonly Column[],
  classes: Column | undefined,
  rows: number,
): Promise<Column[]> {
  const others = columns.filter((column) => column !== classes);
  const found = await plainColumns(connection, files, others, rows);
  return classes ? [classes, ...found] : found;
}

async function plainColumns<Column extends CountableColumn>(
  connection: DuckDBConnection,
  files: readonly string[],
  columns: readonly Column[],
  rows: number,
): Promise<Column[]> {
  if (columns.length > FEW_COLUMNS) return [];
  const plain = columns.filter(({ type }) => typeFamily(type) !== 'other');
  const namesWith = async (condition: string): Promise<Set<unknown>> => {
    const reader = await connection.runAndReadAll(
      `SELECT path_in_schema FROM parquet_metadata([${files.map(quoteText).join(', ')}])
       GROUP BY 1 HAVING ${condition}`,
    );
    return new Set(reader.getRows().map(([name]) => name));
  };
  if (rows <= FEW_ROWS) {
    const long = await namesWith(`sum(total_uncompressed_size) > ${FEW_BYTES}`);
    return plain.filter(({ name }) => !long.has(name));
  }
  const dictionaries = await namesWith(
    `bool_and(type = 'BOOLEAN' OR contains(encodings, 'DICTIONARY'))`,
  );
  return plain.filter(({ name }) => dictionaries.has(name));
}

/** What the counts of one column say. */
export interface CountedColumn {
  readonly stats: Record<string, unknown>;
  readonly frequent: FrequentValue[];
}

/** @param limit of frequent values */
export async function countColumn(
  connection: DuckDBConnection,
  files: readonly string[],
  column: CountableColumn,
  statistics: ReadonlyMap<string, ColumnStatistics>,
  rows: number,
  limit: number,
): Promise<CountedColumn> {
  const relation = `profile_counts_${++counted}`;
  const value = quoteIdentifier(column.name);
  await connection.run(
    `CREATE TEMP TABLE ${relation} AS SELECT ${value} AS value, count(*) AS n
     FROM ${parquetRelation(files)} WHERE ${value} IS NOT NULL GROUP BY ${value}`,
  );
  try {
    return {
      stats: await measureCounts(connection, relation, column, statistics, rows),
      frequent: await mostFrequent(
        connection,
        { relation, column: 'value', count: 'sum(n)' },
        limit,
      ),
    };
  } finally {
    await connection.run(`DROP TABLE IF EXISTS ${relation}`);
  }
}
