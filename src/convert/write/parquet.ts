/** Writes proven columns as Parquet: row order kept, one file or numbered parts, each with its checksum. */
import { createHash } from 'node:crypto';
import { mkdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { filePieces } from '../file-pieces.js';
import { quoteText } from '../relation.js';
import type { ParquetPart } from '../types.js';
import { copy, copyTarget, type ColumnStatistics, type CopyRequest } from './copy.js';

export type { ColumnStatistics } from './copy.js';

export interface ParquetRequest extends CopyRequest {
  /** SQL that gives the rows, in order. */
  readonly select: string;
  readonly signal: AbortSignal;
}

/** A part whose bytes have not been read back yet. */
export type WrittenPart = Omit<ParquetPart, 'sha256'>;

export interface WrittenParquet {
  readonly parts: WrittenPart[];
  /** By column name, of the whole table; nested columns are not among them. */
  readonly statistics: ReadonlyMap<string, ColumnStatistics>;
  /** The same of each part. */
  readonly partStatistics: ReadonlyArray<ReadonlyMap<string, ColumnStatistics>>;
}

/** Files appear under their names only when complete; rows keep the order of `select`. */
export async function writeParquet(
  connection: DuckDBConnection,
  request: ParquetRequest,
): Promise<WrittenParquet> {
  const { workDirectory, base, settings, select } = request;
  const target = copyTarget(request);
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
