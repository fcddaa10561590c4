/** Brings JSON and Excel tables into one plain CSV dialect, so that every text table is proven the same way. */
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ImportError } from '../../errors/index.js';
import { splitSheet } from '../unpack/table-name.js';
import type { TableSource } from '../types.js';
import { writeCanonicalCsv, type CanonicalTable } from './canonical-csv.js';
import { jsonRecords } from './json-records.js';
import { ndjsonRecords } from './ndjson-records.js';
import type { RecordSource } from './record.js';
import { sheetRecords } from './sheet-records.js';

export { CANONICAL_DIALECT, type CanonicalTable } from './canonical-csv.js';
export type { RejectedRecord } from './record.js';
export { describeParquet, type ParquetTable } from './parquet.js';

/**
 * Writes a JSON, NDJSON or Excel table as CSV in `CANONICAL_DIALECT`, without header.
 * Texts are unescaped, numbers keep their source digits, nested values stay JSON text as the source spells it.
 * Rewrites its file when called again.
 * @returns the columns, and the count of records taken while reading the source, before any database sees them
 * @throws FORMAT_UNREADABLE
 */
export async function toCanonicalCsv(request: {
  readonly table: TableSource;
  readonly workDirectory: string;
  readonly signal: AbortSignal;
  /** `bytes` of the source read so far. */
  readonly onProgress?: (progress: { bytes: number; records: number }) => void;
}): Promise<CanonicalTable> {
  const { table, workDirectory, signal, onProgress } = request;
  const csvFile = join(workDirectory, 'canonical', `${table.name}.csv`);
  await mkdir(dirname(csvFile), { recursive: true });
  try {
    const source = openSource(table, join(workDirectory, table.file));
    return await writeCanonicalCsv(source, csvFile, signal, onProgress);
  } catch (error) {
    await rm(csvFile, { force: true });
    throw error;
  }
}

function openSource(table: TableSource, absolutePath: string): RecordSource {
  const place = table.originalPath;
  switch (table.format) {
    case 'ndjson':
      return () => ndjsonRecords(absolutePath);
    case 'json':
      return () => jsonRecords(absolutePath, place);
    case 'xlsx':
      return () => sheetRecords(absolutePath, place, splitSheet(place)[1]);
    default:
      throw new ImportError('FORMAT_UNREADABLE', {
        place,
        expected: 'json, ndjson or xlsx',
        found: table.format,
      });
  }
}
