/** Converts bytes as a table and reads the Parquet back with a reader that is not DuckDB. */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetMetadata, parquetReadObjects, type FileMetaData } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { onTestFinished } from 'vitest';
import { configFileSchema } from '../../src/config/datasets.js';
import { convertTable } from '../../src/convert/index.js';
import type { ConvertedTable, TableDescription, TableFormat } from '../../src/convert/types.js';
import { parquetRows } from './parquet-rows.js';

export interface Conversion {
  readonly result: ConvertedTable;
  readonly description: TableDescription;
  /** Rows as arrays of cells, in order. */
  readonly rows: unknown[][];
  readonly metadata: FileMetaData;
  readonly folder: string;
}

export interface ConvertOptions {
  readonly entry?: object;
  readonly config?: object;
  readonly format?: TableFormat;
  /** Where the file stood in the dataset. @default 'table.csv' */
  readonly originalPath?: string;
  readonly inside?: string;
  readonly remark?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: object) => void;
  /** Kept open for the caller's look; a temporary folder otherwise. */
  readonly folder?: string;
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kaggle-import-convert-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Throws what the conversion throws. */
export async function convert(
  source: Uint8Array | string,
  options: ConvertOptions = {},
): Promise<Conversion> {
  const folder = options.folder ?? temporaryFolder();
  const bytes = Buffer.from(source as string);
  mkdirSync(join(folder, 'unpacked'), { recursive: true });
  writeFileSync(join(folder, 'unpacked', 'source'), bytes);
  const file = configFileSchema.parse({
    config: options.config ?? {},
    datasets: { sample: { kaggle_ref: 'o/s', ...options.entry } },
  });
  const result = await convertTable({
    table: {
      ...{ name: 'table', originalPath: options.originalPath ?? 'table.csv' },
      ...(options.inside !== undefined && { inside: options.inside }),
      ...(options.remark !== undefined && { remark: options.remark }),
      file: 'unpacked/source',
      ...{
        format: options.format ?? 'csv',
        sourceBytes: bytes.length,
        sourceSha256: createHash('sha256').update(bytes).digest('hex'),
      },
    },
    workDirectory: folder,
    entry: { ...file.datasets['sample']!, name: 'sample' },
    settings: file.config,
    metadata: { source: 'test', version: '1' },
    signal: options.signal ?? new AbortController().signal,
    ...(options.onProgress && { onProgress: options.onProgress }),
  });
  const description = JSON.parse(
    readFileSync(join(folder, result.descriptionFile), 'utf8'),
  ) as TableDescription;
  let rows: unknown[][] = [];
  let metadata: FileMetaData | undefined;
  for (const part of result.parts) {
    const buffer = toArrayBuffer(readFileSync(join(folder, part.file)));
    metadata = parquetMetadata(buffer);
    rows = rows.concat(await parquetRows(buffer));
  }
  return { result, description, rows, metadata: metadata!, folder };
}

export async function readParquet(path: string): Promise<Record<string, unknown>[]> {
  return parquetReadObjects({ file: toArrayBuffer(readFileSync(path)), compressors });
}

function toArrayBuffer(bytes: Buffer): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}
