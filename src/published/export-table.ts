/** Writes one published table in another format, part by part: only one part lies on disk at a time. */
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { DescribedTable } from '../catalog/index.js';
import { quoteIdentifier, quoteText } from '../convert/relation.js';
import { fetchPart, fetchParts, type FetchRequest } from './fetch-parts.js';
import type { ExportFormat } from './formats.js';
import { selectFrom } from './relations.js';
import { sourceText } from './source-text.js';

export interface ExportRequest extends FetchRequest {
  readonly table: DescribedTable;
  readonly format: ExportFormat;
  /** Absolute path of the file; stdout when absent, for text. */
  readonly target?: string;
}

/** A file appears under its name when it is whole. Throws OBJECT_MISSING, OBJECT_ALTERED. */
export async function exportTable(
  connection: DuckDBConnection,
  request: ExportRequest,
): Promise<void> {
  const { table, format, target, directory } = request;
  const unfinished = target === undefined ? undefined : `${target}.unfinished`;
  if (unfinished !== undefined) {
    await mkdir(dirname(unfinished), { recursive: true });
    await rm(unfinished, { force: true });
  }
  if (format === 'parquet') {
    const files = await fetchParts(table.parts, request);
    const whole = join(directory, 'whole.parquet');
    // A single part is given as it is stored, byte for byte.
    if (files.length > 1) await copy(connection, selectFrom(files), whole, 'FORMAT parquet');
    await append(files.length > 1 ? whole : files[0]!, unfinished, request.signal);
  } else {
    const piece = join(directory, `piece.${format}`);
    for (const [index, part] of table.parts.entries()) {
      const file = await fetchPart(part, request);
      const select = textSelect(table, file, format);
      const options = format === 'csv' ? `FORMAT csv, HEADER ${index === 0}` : 'FORMAT json';
      await copy(connection, select, piece, options);
      await append(piece, unfinished, request.signal);
      await Promise.all([rm(file), rm(piece)]);
    }
  }
  if (target !== undefined) await rename(unfinished!, target);
}

/** In CSV, the cells and names of the source; in JSON Lines, typed values. */
function textSelect(
  { columns, format: source }: DescribedTable,
  file: string,
  format: ExportFormat,
): string {
  if (format !== 'csv' || source === 'parquet') return selectFrom([file]);
  const cells = columns.map((column) => `${sourceText(column)} AS ${quoteIdentifier(column.name)}`);
  return `SELECT ${cells.join(', ')} FROM (${selectFrom([file])})`;
}

async function copy(
  connection: DuckDBConnection,
  select: string,
  file: string,
  options: string,
): Promise<void> {
  await connection.run(`COPY (${select}) TO ${quoteText(file)} (${options})`);
}

async function append(file: string, to: string | undefined, signal: AbortSignal): Promise<void> {
  const bytes = createReadStream(file, { highWaterMark: 1 << 20 });
  if (to !== undefined) {
    return pipeline(bytes, createWriteStream(to, { flags: 'a' }), { signal });
  }
  await pipeline(bytes, process.stdout, { signal, end: false });
}
