/** Describes the columns of a written table: counts, bounds, frequent values, examples, personal data. */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { DatasetEntry } from '../../config/datasets.js';
import type { ColumnStatistics } from '../write/parquet.js';
import { findColumn } from './checks/columns.js';
import { isClassification } from './checks/target.js';
import { countableColumns, countColumns } from './counted.js';
import type { FrequentValue } from './frequent.js';
import { measureColumns } from './measures.js';
import { shown } from './mask.js';
import { personalDataOf } from './personal-data.js';
import { sampleOf, type TableSample } from './sample.js';

export interface ProfiledColumn {
  readonly name: string;
  /** As DuckDB spells it. */
  readonly type: string;
  readonly originalName: string;
}

export interface ColumnProfile {
  /** JSON-safe: integers beyond 2^53 and decimals that a double would change are strings. */
  readonly stats: Record<string, unknown>;
  readonly examples: string[];
  readonly personalData?: string;
}

interface ProfileRequest {
  /** Absolute paths of the table's parts, in order. */
  readonly files: readonly string[];
  readonly columns: readonly ProfiledColumn[];
  readonly entry: DatasetEntry;
  readonly rows: number;
  /** The files' own, by column name; what they lack is asked of the rows. */
  readonly statistics: ReadonlyMap<string, ColumnStatistics>;
}

/** Planning a query on a table of thousands of columns takes longer than running it. */
const COLUMNS_A_SAMPLE = 100;

const EXAMPLES = 5;
const FREQUENT = 5;
/** The classes of a target are worth seeing, all of them in most cases. */
const FREQUENT_TARGET = 20;

/** Statistics that would show single values of a person. */
const REVEALING = ['min', 'max', 'mean', 'stddev'];

/**
 * Reads the written Parquet, for `nullCount`, `distinct` or `approxDistinct` (HyperLogLog), `min`, `max`, `mean`,
 * `stddev` (sample, finite values only), `minLength`, `maxLength` (characters), `nanCount`, `infiniteCount`.
 * Columns of few values, those of small tables and the one of the classes are counted: `distinct` and `mostFrequent`
 * are exact there. Of the others `mostFrequent` is of a sample of at most 32,768 rows spread over the table, as are the
 * examples and the search for personal data; `sampledRows` is how many rows `mostFrequent` is of.
 * @returns one profile a column, by column name
 */
export async function profileTable(
  connection: DuckDBConnection,
  request: ProfileRequest,
): Promise<Map<string, ColumnProfile>> {
  const { files, columns, entry, rows } = request;
  const target = targetOf(columns, entry);
  const facts = await factsOf(connection, request);
  const profiles = new Map<string, ColumnProfile>();
  for (let from = 0; from < columns.length; from += COLUMNS_A_SAMPLE) {
    const batch = columns.slice(from, from + COLUMNS_A_SAMPLE);
    const sample = await sampleOf(
      connection,
      files,
      batch.map(({ name }) => name),
      rows,
      FREQUENT_TARGET,
    );
    for (const column of batch) {
      const limit = column === target ? FREQUENT_TARGET : FREQUENT;
      const known = facts.get(column.name)!;
      profiles.set(column.name, profileColumn(sample, column, known, limit, rows));
    }
  }
  return profiles;
}

function targetOf(
  columns: readonly ProfiledColumn[],
  { target_column: name }: DatasetEntry,
): ProfiledColumn | undefined {
  return name === undefined ? undefined : findColumn(columns, name);
}

interface ColumnFacts {
  readonly stats: Record<string, unknown>;
  /** Of the whole table; absent where a sample has to do. */
  readonly frequent?: readonly FrequentValue[];
}

async function factsOf(
  connection: DuckDBConnection,
  { files, columns, entry, rows, statistics }: ProfileRequest,
): Promise<Map<string, ColumnFacts>> {
  const facts = new Map<string, ColumnFacts>();
  const classes = isClassification(entry) ? targetOf(columns, entry) : undefined;
  const countable = await countableColumns(connection, files, columns, classes, rows);
  for (const some of countable) {
    const counted = await countColumns(connection, files, some, statistics, rows, FREQUENT_TARGET);
    for (const [name, known] of counted) facts.set(name, known);
  }
  const others = columns.filter(({ name }) => !facts.has(name));
  const measures = await measureColumns(connection, files, others, statistics, rows);
  for (const [name, stats] of measures) facts.set(name, { stats });
  return facts;
}

function profileColumn(
  sample: TableSample,
  column: ProfiledColumn,
  { stats: measures, frequent: counted }: ColumnFacts,
  limit: number,
  rows: number,
): ColumnProfile {
  const sampled = sample.values.get(column.name)!;
  const frequent = (counted ?? sampled.frequent).slice(0, limit);
  const values = sampled.distinct;
  const personalData = personalDataOf(column, values);
  const show = (value: string): string => shown(value, personalData !== undefined);
  const stats = Object.fromEntries(
    Object.entries(measures).map(([name, fact]) => [
      name,
      typeof fact === 'string' ? show(fact) : fact,
    ]),
  );
  if (personalData !== undefined) {
    for (const name of REVEALING) delete stats[name];
  }
  stats.mostFrequent = frequent.map(({ value, count }) => ({ value: show(value), count }));
  stats.sampledRows = counted ? rows : sample.rows;
  return {
    stats,
    examples: [...new Set(values.slice(0, EXAMPLES).map(show))],
    ...(personalData === undefined ? {} : { personalData }),
  };
}
