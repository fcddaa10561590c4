/** Describes the columns of a written table: counts, bounds, frequent values, examples, personal data. */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { DatasetEntry } from '../../config/datasets.js';
import type { ColumnStatistics } from '../write/parquet.js';
import { measureColumns } from './measures.js';
import { mask } from './mask.js';
import { personalDataOf } from './personal-data.js';
import { withSample, type TableSample } from './sample.js';

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

/** Planning a query on a table of thousands of columns takes longer than running it. */
const COLUMNS_A_SAMPLE = 100;

const EXAMPLES = 5;
const FREQUENT = 5;
/** The classes of a target are worth seeing, all of them in most cases. */
const FREQUENT_TARGET = 20;

/** Statistics that would show single values of a person. */
const REVEALING = ['min', 'max', 'mean', 'stddev'];

/**
 * Reads the written Parquet once, for `nullCount`, `approxDistinct` (HyperLogLog), `min`, `max`, `mean`,
 * `stddev` (sample, finite values only), `minLength`, `maxLength` (characters), `nanCount`, `infiniteCount`.
 * `mostFrequent`, examples and personal data come from a sample of at most 65,536 rows spread over the table;
 * `mostFrequent` counts are of the sample (`sampledRows`), exact when the table is no larger than it.
 * @param request.files Absolute paths of the table's parts, in order.
 * @returns one profile a column, by column name
 */
export async function profileTable(
  connection: DuckDBConnection,
  request: {
    readonly files: string[];
    readonly columns: readonly ProfiledColumn[];
    readonly entry: DatasetEntry;
    readonly rows: number;
    /** The files' own, by column name; what they lack is asked of the rows. */
    readonly statistics: ReadonlyMap<string, ColumnStatistics>;
  },
): Promise<Map<string, ColumnProfile>> {
  const { files, columns, entry, rows, statistics } = request;
  const measures = await measureColumns(connection, files, columns, statistics, rows);
  const profiles = new Map<string, ColumnProfile>();
  for (let from = 0; from < columns.length; from += COLUMNS_A_SAMPLE) {
    const batch = columns.slice(from, from + COLUMNS_A_SAMPLE);
    const names = batch.map(({ name }) => name);
    await withSample(connection, files, names, rows, async (sample) => {
      for (const column of batch) {
        const isTarget = entry.target_column === column.originalName;
        profiles.set(
          column.name,
          await profileColumn(sample, column, measures.get(column.name) ?? {}, isTarget),
        );
      }
    });
  }
  return profiles;
}

async function profileColumn(
  sample: TableSample,
  column: ProfiledColumn,
  measures: Readonly<Record<string, unknown>>,
  isTarget: boolean,
): Promise<ColumnProfile> {
  const frequent = await sample.frequentValues(column.name, isTarget ? FREQUENT_TARGET : FREQUENT);
  const values = await sample.distinctValues(column.name);
  const personalData = personalDataOf(column, values);
  const show = personalData === undefined ? (value: string) => value : mask;
  const stats: Record<string, unknown> = { ...measures };
  if (personalData !== undefined) {
    for (const name of REVEALING) delete stats[name];
  }
  stats.mostFrequent = frequent.map(({ value, count }) => ({ value: show(value), count }));
  stats.sampledRows = sample.rows;
  return {
    stats,
    examples: [...new Set(values.slice(0, EXAMPLES).map(show))],
    ...(personalData === undefined ? {} : { personalData }),
  };
}
