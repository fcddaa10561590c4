/** The statement that writes rows as Parquet, and what DuckDB says of the columns that it has written. */
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection, DuckDBResultReader } from '@duckdb/node-api';
import type { DatasetEntry, Settings } from '../../config/datasets.js';
import type { SourceColumn } from '../../iceberg/field-id.js';
import type { Candidate } from '../prove/candidates.js';
import type { LikelyReading } from '../read/text/likely-reading.js';
import type { TextReading } from '../read/text/read-text.js';
import { quoteIdentifier, quoteText } from '../relation.js';
import { fieldIdsOption } from './field-ids.js';

export interface CopyRequest {
  /** Absolute; parts are relative to it. */
  readonly workDirectory: string;
  /** Relative to the work directory, without `.parquet`. */
  readonly base: string;
  /** Of the rows, in order. */
  readonly columns: readonly SourceColumn[];
  readonly entry: DatasetEntry;
  readonly settings: Settings;
  readonly metadata: Readonly<Record<string, string>>;
  /** The rows hold -0.0, which DuckDB's dictionaries take for 0.0: they are written without any. */
  readonly signedZeros?: boolean;
  /** Bytes of a row, on average and as text; not known of every source. */
  readonly rowBytes?: number | undefined;
  /** May have begun already. */
  readonly ahead?: Pick<RowsAhead, 'take'> | undefined;
}

/** Rows that were begun to be written before it was known what will have to be written. */
export interface RowsAhead {
  /** Of a text that was read while it arrived: it is not read again. */
  reading?(): TextReading;
  /** With what the start of a text says; whatever fails shows when it is taken, or nowhere. */
  begin?(likely: LikelyReading): void;
  /**
   * The answer to the statement if it is the one that runs already, or has: then `${file}.tmp` is there. Nothing when
   * it has to be run; then nothing else writes any more. Throws what DuckDB throws for it.
   */
  take(select: string, file: string, request: CopyRequest): Promise<CopiedColumns | undefined>;
  /** What was found of the columns of the same relation. */
  candidatesOf(sql: string): Promise<readonly Candidate[] | undefined>;
  /** Resolves when nothing of it runs; what nobody has taken is gone then. */
  end(): Promise<void>;
}

/** Columns up to which a row group may have all the rows that the settings ask for. */
const FULL_WIDTH = 64;
/** Columns that have no use for a dictionary are found out sooner than by DuckDB's own limit, a tenth of the rows. */
const DICTIONARY_VALUES = 8192;
/** DuckDB works in vectors of this many rows. */
const SMALLEST_ROW_GROUP = 2048;
/** DuckDB holds a row group of each thread, several times over: of long texts it has fewer rows. */
const ROW_GROUP_BYTES = 64e6;

/** As the file's own footer has them. */
export interface ColumnStatistics {
  readonly nulls: number;
  /** As DuckDB prints them; of long texts there are none. */
  readonly min?: string | undefined;
  readonly max?: string | undefined;
}

export type CopiedColumns = Map<string, ColumnStatistics>;

/**
 * Spark 3 refuses days before 1582 of a file that does not say which calendar they are of; this is how it is said: by
 * the version of a Spark that writes the one that ISO 8601 has.
 */
const CALENDAR = { 'org.apache.spark.version': '3.5.0' };

/** DuckDB's operator that writes in the order of the rows with any number of threads. */
const ORDERED_COPY = 'BATCH_COPY_TO_FILE';

/** Where a table goes before it is cut into parts. */
export function copyTarget({
  workDirectory,
  base,
}: Pick<CopyRequest, 'workDirectory' | 'base'>): string {
  return join(workDirectory, `${base}.parquet`);
}

/** Writes the file, which appears under its name only when it is complete. */
export async function copy(
  connection: DuckDBConnection,
  select: string,
  file: string,
  request: CopyRequest,
): Promise<CopiedColumns> {
  const copied =
    (await request.ahead?.take(select, file, request)) ??
    (await runCopy(connection, copyStatement(select, file, request)));
  await rename(`${file}.tmp`, file);
  return copied;
}

/** Writes `${file}.tmp`. */
export function copyStatement(
  select: string,
  file: string,
  { settings, entry, metadata, columns, signedZeros, rowBytes }: CopyRequest,
): string {
  const { compression, compression_level, row_group_size } = settings;
  const asked = entry.large_dataset ? (entry.chunk_size ?? row_group_size) : row_group_size;
  const rowGroup = ofLongRows(boundedRowGroup(asked, columns.length), rowBytes);
  const pairs = Object.entries(metadataPairs({ metadata, columns })).map(
    ([key, value]) => `${quoteIdentifier(key)}: ${quoteText(value)}`,
  );
  const options = [
    'FORMAT parquet',
    // DuckDB's v2 has no new pages, but encodings that some readers have not, or that it writes in a way they refuse.
    `PARQUET_VERSION ${settings.parquet === 'compact' ? 'v2' : 'v1'}`,
    `COMPRESSION ${compression}`,
    ...(compression === 'zstd' && compression_level !== undefined
      ? [`COMPRESSION_LEVEL ${compression_level}`]
      : []),
    `ROW_GROUP_SIZE ${rowGroup}`,
    `DICTIONARY_SIZE_LIMIT ${signedZeros ? 0 : Math.min(DICTIONARY_VALUES, Math.ceil(rowGroup / 10))}`,
    ...(columns.length > FULL_WIDTH
      ? [`STRING_DICTIONARY_PAGE_SIZE_LIMIT ${dictionaryBytes(columns.length)}`]
      : []),
    fieldIdsOption(columns),
    'RETURN_STATS',
    // The name is temporary already; DuckDB's own would stay behind an interrupt.
    'USE_TMP_FILE false',
    ...(pairs.length > 0 ? [`KV_METADATA {${pairs.join(', ')}}`] : []),
  ];
  return `COPY (${select}) TO ${quoteText(`${file}.tmp`)} (${options.join(', ')})`;
}

/** All that the file says of itself. */
export function metadataPairs({
  metadata,
  columns,
}: Pick<CopyRequest, 'metadata' | 'columns'>): Readonly<Record<string, string>> {
  const hasDays = columns.some(({ type }) => /DATE|TIME ZONE/.test(type));
  return { ...metadata, ...(hasDays && CALENDAR) };
}

/** Runs it, if it keeps the order of the rows. */
export async function runCopy(
  connection: DuckDBConnection,
  statement: string,
): Promise<CopiedColumns> {
  await requireOrder(connection, statement);
  return statisticsOfCopy(await connection.runAndReadAll(statement));
}

/** What RETURN_STATS gives. */
export function statisticsOfCopy(answer: DuckDBResultReader): CopiedColumns {
  return statisticsOf(answer.getRowObjectsJson()[0]!['column_statistics']);
}

/**
 * With a join or another operator that does not keep the order in it, DuckDB lets its threads write as they come,
 * whatever `preserve_insertion_order` says. Throws when the plan is such a one.
 */
export async function requireOrder(connection: DuckDBConnection, statement: string): Promise<void> {
  // One thread has no other to overtake.
  const threads = await connection.runAndReadAll(`SELECT current_setting('threads')::INTEGER`);
  if (threads.getRows()[0]![0] === 1) return;
  const reader = await connection.runAndReadAll(`EXPLAIN ${statement}`);
  const plan = reader.getRows().join('\n');
  if (!plan.includes(ORDERED_COPY)) {
    throw new Error(`DuckDB would write the rows in another order:\n${plan}`);
  }
}

/** What is within a column has its name and one of its own, with a point between them. */
const COLUMN = /^"(?:[^"]|"")*"$/;

/** DuckDB gives a map of maps of texts; columns by their quoted names. */
function statisticsOf(found: unknown): Map<string, ColumnStatistics> {
  type Pairs<Value> = { key: string; value: Value }[];
  const columns = (found as Pairs<Pairs<string>>).filter(({ key }) => COLUMN.test(key));
  return new Map(
    columns.map(({ key, value }) => {
      const facts = new Map(value.map((fact) => [fact.key, fact.value]));
      const nulls = Number(facts.get('null_count') ?? 0);
      const name = key.slice(1, -1).replaceAll('""', '"');
      return [name, { nulls, min: facts.get('min'), max: facts.get('max') }];
    }),
  );
}

/** DuckDB sets a dictionary aside for every column of a row group: wide tables get fewer rows in one. */
function boundedRowGroup(rows: number, columns: number): number {
  const bounded = Math.floor((rows * FULL_WIDTH) / Math.max(columns, FULL_WIDTH));
  return Math.max(SMALLEST_ROW_GROUP, bounded);
}

/** In powers of two: what the start of a file says of its rows mostly comes to the same as what all of it says. */
function ofLongRows(rows: number, rowBytes = 0): number {
  if (rows * rowBytes <= ROW_GROUP_BYTES) return rows;
  const bounded = 2 ** Math.floor(Math.log2(ROW_GROUP_BYTES / rowBytes));
  return Math.min(rows, Math.max(SMALLEST_ROW_GROUP, bounded));
}

/** DuckDB sets so many bytes aside for every text column of a row group, a megabyte if it is not told otherwise. */
function dictionaryBytes(columns: number): number {
  return Math.max(1 << 14, Math.floor(((1 << 20) * FULL_WIDTH) / columns));
}
