/** Counts every value of columns that have few of them: exactly, and in less time than an estimate would take. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { quoteIdentifier, quoteText } from '../relation.js';
import type { ColumnStatistics } from '../write/parquet.js';
import { MAX_VALUE_LENGTH, type FrequentValue } from './frequent.js';
import { questionOfCounts } from './measures.js';
import { parquetRelation, typeFamily } from './parquet-relation.js';
import { isWholeInSample } from './sample.js';

/** Tables of no more rows are counted whatever their columns hold, but for long texts, which fill the memory. */
const FEW_ROWS = 65_536;
/** Of one column, and of those that are counted by one statement. */
const FEW_BYTES = 128e6;
/** Each column is grouped by itself, which wide tables have no time for. */
const FEW_COLUMNS = 64;
/** A statement costs a millisecond however small the table is; one of many groupings is slow to plan. */
const COLUMNS_PER_QUERY = 16;

interface CountableColumn {
  readonly name: string;
  /** As DuckDB spells it. */
  readonly type: string;
}

/** Columns that one statement counts. */
export type CountedTogether<Column> = readonly Column[];

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
): Promise<CountedTogether<Column>[]> {
  const others = columns.filter((column) => column !== classes);
  const found = await plainColumns(connection, files, others, rows);
  return classes ? [[classes], ...found] : found;
}

async function plainColumns<Column extends CountableColumn>(
  connection: DuckDBConnection,
  files: readonly string[],
  columns: readonly Column[],
  rows: number,
): Promise<CountedTogether<Column>[]> {
  if (columns.length > FEW_COLUMNS) return [];
  const plain = columns.filter(({ type }) => typeFamily(type) !== 'other');
  const isCountable =
    rows <= FEW_ROWS
      ? `sum(total_uncompressed_size) <= ${FEW_BYTES}`
      : `bool_and(type = 'BOOLEAN' OR contains(encodings, 'DICTIONARY'))`;
  const reader = await connection.runAndReadAll(
    `SELECT path_in_schema, sum(total_uncompressed_size)::DOUBLE
     FROM parquet_metadata([${files.map(quoteText).join(', ')}]) GROUP BY 1 HAVING ${isCountable}`,
  );
  const bytes = new Map(reader.getRows() as Array<[name: string, bytes: number]>);
  const countable = plain.filter(({ name }) => bytes.has(name));
  return together(countable, ({ name }) => bytes.get(name)!);
}

function together<Column>(
  columns: readonly Column[],
  bytesOf: (column: Column) => number,
): CountedTogether<Column>[] {
  const groups: Column[][] = [];
  let bytes = 0;
  for (const column of columns) {
    const last = groups.at(-1);
    bytes += bytesOf(column);
    if (last && last.length < COLUMNS_PER_QUERY && bytes <= FEW_BYTES) last.push(column);
    else {
      groups.push([column]);
      bytes = bytesOf(column);
    }
  }
  return groups;
}

/** What the counts of one column say. */
export interface CountedColumn {
  readonly stats: Record<string, unknown>;
  /** Most frequent first, then in the values' order; NULL is none. Absent where a sample of all rows says the same. */
  readonly frequent?: readonly FrequentValue[];
}

/**
 * By column name.
 * @param limit of frequent values
 */
export async function countColumns(
  connection: DuckDBConnection,
  files: readonly string[],
  columns: CountedTogether<CountableColumn>,
  statistics: ReadonlyMap<string, ColumnStatistics>,
  rows: number,
  limit: number,
): Promise<Map<string, CountedColumn>> {
  const counted = columns.map((column, at) => {
    const relation = `counts_${at}`;
    const value = quoteIdentifier(column.name);
    // Both zeros are one value, and two texts.
    const isFloat = typeFamily(column.type) === 'float';
    return {
      relation,
      question: questionOfCounts(relation, column, statistics, rows),
      asksFrequent: isFloat || !isWholeInSample(rows),
      sql: `${relation} AS MATERIALIZED (SELECT ${value} AS value, count(*) AS n
        FROM ${parquetRelation(files)} WHERE ${value} IS NOT NULL GROUP BY ${value})`,
    };
  });
  const asked = counted.flatMap(({ relation, question, asksFrequent }, at) => [
    `SELECT ${at}, [${question.expressions.join(', ')}]::VARCHAR[], NULL, NULL FROM ${relation}`,
    ...(asksFrequent
      ? [
          `(SELECT ${at}, NULL, left(value::VARCHAR, ${MAX_VALUE_LENGTH}), sum(n)::DOUBLE
            FROM ${relation} WHERE value IS NOT NULL GROUP BY 3 ORDER BY 4 DESC, 3 LIMIT ${limit})`,
        ]
      : []),
  ]);
  const reader = await connection.runAndReadAll(
    `WITH ${counted.map(({ sql }) => sql).join(', ')} ${asked.join(' UNION ALL ')}`,
  );
  const answers = reader.getRowsJson() as Array<
    [at: number, measures: Array<string | null> | null, value: string, n: number]
  >;
  return new Map(
    counted.map(({ question, asksFrequent }, at) => {
      const own = answers.filter((row) => row[0] === at);
      const measures = own.find((row) => row[1] !== null)![1]!;
      const frequent = own.filter((row) => row[1] === null);
      return [
        question.name,
        {
          stats: question.statsOf(measures),
          ...(asksFrequent && {
            frequent: frequent.map(([, , value, count]) => ({ value, count })),
          }),
        },
      ];
    }),
  );
}
