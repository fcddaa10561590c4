/** Writes proven columns as Parquet: row order kept, one file or numbered parts, each with its checksum. */
import { createHash } from 'node:crypto';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { DatasetEntry, Settings } from '../../config/datasets.js';
import type { SourceColumn } from '../../iceberg/field-id.js';
import { filePieces } from '../file-pieces.js';
import { quoteIdentifier, quoteText } from '../relation.js';
import type { ParquetPart } from '../types.js';
import { fieldIdsOption } from './field-ids.js';

export interface ParquetRequest {
  /** SQL that gives the rows, in order. */
  readonly select: string;
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
  readonly signal: AbortSignal;
}

/** Columns up to which a row group may have all the rows that the settings ask for. */
const FULL_WIDTH = 64;
/** Columns that have no use for a dictionary are found out sooner than by DuckDB's own limit, a tenth of the rows. */
const DICTIONARY_VALUES = 8192;
/** DuckDB works in vectors of this many rows. */
const SMALLEST_ROW_GROUP = 2048;

/** A part whose bytes have not been read back yet. */
export type WrittenPart = Omit<ParquetPart, 'sha256'>;

export interface WrittenParquet {
  readonly parts: WrittenPart[];
  /** By column name, of the whole table; nested columns are not among them. */
  readonly statistics: ReadonlyMap<string, ColumnStatistics>;
  /** The same of each part. */
  readonly partStatistics: ReadonlyArray<ReadonlyMap<string, ColumnStatistics>>;
}

/** As the file's own footer has them. */
export interface ColumnStatistics {
  readonly nulls: number;
  /** As DuckDB prints them; of long texts there are none. */
  readonly min?: string | undefined;
  readonly max?: string | undefined;
}

/**
 * Spark 3 refuses days before 1582 of a file that does not say which calendar they are of; this is how it is said: by
 * the version of a Spark that writes the one that ISO 8601 has.
 */
const CALENDAR = { 'org.apache.spark.version': '3.5.0' };

/** DuckDB's operator that writes in the order of the rows with any number of threads. */
const ORDERED_COPY = 'BATCH_COPY_TO_FILE';

/** Files appear under their names only when complete; rows keep the order of `select`. */
export async function writeParquet(
  connection: DuckDBConnection,
  request: ParquetRequest,
): Promise<WrittenParquet> {
  const { workDirectory, base, settings, select } = request;
  const target = join(workDirectory, `${base}.parquet`);
  await mkdir(dirname(target), { recursive: true });
  const statistics = await copy(connection, select, target, request);
  const { size } = await stat(target);
  if (size <= settings.max_part_size) {
    const part = await partOf(connection, workDirectory, target);
    return { parts: [part], statistics, partStatistics: [statistics] };
  }

  const rows = await rowCount(connection, target);
  const rowsPerPart = Math.max(1, Math.floor((rows * settings.max_part_size) / size));
  const parts: WrittenPart[] = [];
  const partStatistics: WrittenParquet['partStatistics'][number][] = [];
  for (let from = 0; from < rows; from += rowsPerPart) {
    const name = `part-${String(parts.length + 1).padStart(4, '0')}.parquet`;
    const file = join(workDirectory, base, name);
    await mkdir(dirname(file), { recursive: true });
    const range = `file_row_number >= ${from} AND file_row_number < ${from + rowsPerPart}`;
    const source = `read_parquet(${quoteText(target)}, file_row_number=true, hive_partitioning=false)`;
    const rowsOfPart = `SELECT * EXCLUDE (file_row_number) FROM ${source} WHERE ${range}`;
    partStatistics.push(await copy(connection, rowsOfPart, file, request));
    parts.push(await partOf(connection, workDirectory, file));
  }
  await rm(target);
  return { parts, statistics, partStatistics };
}

async function copy(
  connection: DuckDBConnection,
  select: string,
  file: string,
  { settings, entry, metadata, columns, signedZeros }: ParquetRequest,
): Promise<Map<string, ColumnStatistics>> {
  const { compression, compression_level, row_group_size } = settings;
  const asked = entry.large_dataset ? (entry.chunk_size ?? row_group_size) : row_group_size;
  const rowGroup = boundedRowGroup(asked, columns.length);
  const hasDays = columns.some(({ type }) => /DATE|TIME ZONE/.test(type));
  const pairs = Object.entries({ ...metadata, ...(hasDays && CALENDAR) }).map(
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
    ...(pairs.length > 0 ? [`KV_METADATA {${pairs.join(', ')}}`] : []),
  ];
  const temporary = `${file}.tmp`;
  const statement = `COPY (${select}) TO ${quoteText(temporary)} (${options.join(', ')})`;
  await requireOrder(connection, statement);
  const reader = await connection.runAndReadAll(statement);
  await rename(temporary, file);
  return statisticsOf(reader.getRowObjectsJson()[0]!['column_statistics']);
}

/**
 * With a join or another operator that does not keep the order in it, DuckDB lets its threads write as they come,
 * whatever `preserve_insertion_order` says. Throws when the plan is such a one.
 */
async function requireOrder(connection: DuckDBConnection, statement: string): Promise<void> {
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

/** DuckDB sets so many bytes aside for every text column of a row group, a megabyte if it is not told otherwise. */
function dictionaryBytes(columns: number): number {
  return Math.max(1 << 14, Math.floor(((1 << 20) * FULL_WIDTH) / columns));
}

async function partOf(
  connection: DuckDBConnection,
  workDirectory: string,
  file: string,
): Promise<WrittenPart> {
  const { size } = await stat(file);
  return {
    file: file.slice(workDirectory.length + 1),
    rows: await rowCount(connection, file),
    bytes: size,
  };
}

/** Adds the checksums. It leaves DuckDB alone, so it can go on while the table is profiled. */
export async function sealParts(
  parts: readonly WrittenPart[],
  { workDirectory, signal }: Pick<ParquetRequest, 'workDirectory' | 'signal'>,
): Promise<ParquetPart[]> {
  const sealed: ParquetPart[] = [];
  for (const part of parts) {
    const hash = createHash('sha256');
    for await (const piece of filePieces(join(workDirectory, part.file), signal))
      hash.update(piece);
    sealed.push({ ...part, sha256: hash.digest('hex') });
  }
  return sealed;
}

/** From the file's own footer, so it counts what was written, not what was meant to be. */
async function rowCount(connection: DuckDBConnection, file: string): Promise<number> {
  const reader = await connection.runAndReadAll(
    `SELECT num_rows::DOUBLE FROM parquet_file_metadata(${quoteText(file)})`,
  );
  return Number(reader.getRows()[0]![0]);
}
