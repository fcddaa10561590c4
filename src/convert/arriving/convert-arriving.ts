/** Begins to convert a text while it arrives: what comes of it is used where the whole file asks for the very same. */
import { createHash } from 'node:crypto';
import { link, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { DatasetEntry, Settings } from '../../config/datasets.js';
import { tableDigest } from '../../config/digest.js';
import { withEngine } from '../engine.js';
import { findCandidates, type Candidate } from '../prove/candidates.js';
import { likelyColumns } from '../prove/likely.js';
import { integer } from '../prove/numbers.js';
import {
  readArriving,
  SAMPLED_ROWS,
  type StartOfText,
  type TakeBytes,
} from '../read/text/arriving-text.js';
import { lastRows, wholeRecords, type LikelyReading } from '../read/text/likely-reading.js';
import type { ColumnCells } from '../relation.js';
import { entryFor, filePatterns } from '../unpack/file-patterns.js';
import { tableKind } from '../unpack/table-kind.js';
import { MOST_COLUMNS } from '../write/ahead.js';
import { copyStatement, requireOrder } from '../write/copy.js';
import { PipedCopy } from '../write/piped-copy.js';
import { plainTextSql } from '../write/plain-text.js';
import { likelySelect } from '../write/select.js';
import { firstBytes } from './growing-file.js';
import { arrivedFolder, arrivedRows, dropArrived, keepArrived, SOURCE, TARGET } from './kept.js';

export interface ArrivingRequest {
  /** Absolute: another process writes it, and marks its end (`wholeMark`). */
  readonly file: string;
  /** What it is taken to have at its end. */
  readonly expectedBytes: number;
  /** As the table will have it. */
  readonly originalPath: string;
  /** Absolute. */
  readonly workDirectory: string;
  readonly entry: DatasetEntry;
  readonly settings: Settings;
  readonly signal: AbortSignal;
  /** Bytes that it has taken so far. */
  readonly onProgress?: (progress: { readonly bytes: number }) => void;
}

/** Where the last rows of the start are looked for. */
const END_BYTES = 1 << 14;
const HEAD_BYTES = 64 * 1024;

/** True when something is kept of it, for `convertTable` of the same file. Throws whatever goes wrong: nothing is kept then. */
export async function convertArriving(request: ArrivingRequest): Promise<boolean> {
  const { workDirectory, originalPath, settings, signal } = request;
  const folder = arrivedFolder(workDirectory, originalPath);
  await dropArrived(folder);
  let isKept = false;
  try {
    await mkdir(folder, { recursive: true });
    isKept = await withEngine(
      {
        memoryLimitBytes: settings.memory_limit,
        temporaryDirectory: join(folder, 'spill'),
        ...{ signal, place: originalPath },
      },
      (connection) => convert(connection, request, folder),
    );
    return isKept;
  } finally {
    if (!isKept) await dropArrived(folder);
  }
}

async function convert(
  connection: DuckDBConnection,
  request: ArrivingRequest,
  folder: string,
): Promise<boolean> {
  const { originalPath: place, settings, signal } = request;
  const entry = entryFor(request.entry, place);
  // Whoever takes the file over may do so before this has come to its end.
  const growing = { written: request.file, file: join(folder, 'source') };
  await link(growing.written, growing.file);
  await firstBytes(growing, HEAD_BYTES, signal);
  const kind = await tableKind(place, growing.file, filePatterns(entry.files).formatOf(place));
  if (!('format' in kind) || kind.format !== 'csv') return false;
  const hash = createHash('sha256');
  let bytes = 0;
  let copying: { copy: PipedCopy; statement: string } | undefined;
  try {
    const reading = await readArriving({
      ...{ growing, place, signal, pins: entry.csv ?? {} },
      begin: async (likely, start) => {
        copying = await beginCopy(connection, request, entry, folder, likely, start);
        if (!copying) return undefined;
        const { copy } = copying;
        const take: TakeBytes = async (piece) => {
          const written = copy.write(piece);
          hash.update(piece);
          await written;
          bytes += piece.length;
          request.onProgress?.({ bytes });
        };
        return take;
      },
    });
    if (!reading || !copying) return false;
    const statistics = await copying.copy.end();
    const { statement } = copying;
    await keepArrived(folder, {
      ...{ bytes, sha256: hash.digest('hex'), digest: tableDigest(request.entry, settings) },
      ...{ reading, statement, statistics },
    });
    return true;
  } finally {
    await copying?.copy.abort();
  }
}

async function beginCopy(
  connection: DuckDBConnection,
  { settings, expectedBytes }: ArrivingRequest,
  entry: DatasetEntry,
  folder: string,
  { text, columns, cells, rowBytes }: LikelyReading,
  { bytes, dialect }: StartOfText,
): Promise<{ copy: PipedCopy; statement: string } | undefined> {
  if (columns.length > MOST_COLUMNS) return undefined;
  const sample = join(folder, 'start.csv');
  const pipe = join(folder, 'pipe');
  const sqlOf = (file: string): string =>
    plainTextSql(
      { ...text, file },
      columns.map(({ name }) => name),
    );
  await writeFile(sample, wholeRecords(bytes));
  const candidates = await findCandidates(connection, sqlOf(sample), columns, entry);
  if ((await countRows(connection, sqlOf(sample))) < SAMPLED_ROWS) return undefined;
  const last = lastRows(bytes.subarray(-END_BYTES), dialect, columns.length);
  const grown = withGrowth(cells, candidates, last, expectedBytes / bytes.length);
  const likely = likelyColumns(candidates, grown, entry);
  if (!likely) return undefined;
  const statementOf = (source: string, target: string): string => {
    const { select, columns: written } = likelySelect(sqlOf(source), likely);
    return copyStatement(select, target, {
      ...{ workDirectory: folder, base: 'rows', entry, settings, metadata: {}, rowBytes },
      columns: written,
    });
  };
  await requireOrder(connection, statementOf(sample, arrivedRows(folder)));
  const copy = await PipedCopy.begin(connection, pipe, statementOf(pipe, arrivedRows(folder)));
  return { copy, statement: statementOf(SOURCE, TARGET) };
}

async function countRows(connection: DuckDBConnection, sql: string): Promise<number> {
  const reader = await connection.runAndReadAll(
    `SELECT count(*)::DOUBLE FROM (SELECT * FROM ${sql} LIMIT ${SAMPLED_ROWS})`,
  );
  return Number(reader.getRows()[0]![0]);
}

/** Numbers that count the rows are longest in the last ones, which are not there yet: they are taken to grow on. */
function withGrowth(
  cells: readonly ColumnCells[],
  candidates: readonly Candidate[],
  last: ReadonlyArray<readonly string[]>,
  factor: number,
): ColumnCells[] {
  return cells.map((cell, at) => {
    const { rules, sample } = candidates[at]!;
    if (rules[0] !== integer || !sample?.measured || last.length === 0) return cell;
    const values = last.map((texts) => Number(texts[at]));
    const high = sample.measured[1];
    if (!values.every((value) => value > high)) return cell;
    const expected = Math.ceil(Math.max(...values) * Math.max(factor, 1));
    return { ...cell, longestBytes: Math.max(cell.longestBytes, String(expected).length) };
  });
}
