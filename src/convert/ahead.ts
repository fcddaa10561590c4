/** Which tables may begin to be written before their records are counted, and what their Parquet says of itself. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { arrivedText } from './arriving/arrived-rows.js';
import type { ConvertRequest } from './convert-table.js';
import { descriptionMetadata } from './describe/described.js';
import { parquetBase } from './outputs.js';
import type { TextRelation } from './relation.js';
import { entryFor } from './unpack/file-patterns.js';
import { WritingAhead } from './write/ahead.js';
import type { RowsAhead } from './write/copy.js';

/** What a text has become while it arrived, or else what can be begun while it is read. */
export async function rowsAhead(
  request: ConvertRequest,
  connect: () => Promise<DuckDBConnection>,
): Promise<RowsAhead | undefined> {
  return (await arrivedText(request)) ?? writingAhead(request, connect);
}

/** Not of several files, which are written as they come, nor of one whose types are held to an older version's. */
function writingAhead(
  request: ConvertRequest,
  connect: () => Promise<DuckDBConnection>,
): WritingAhead | undefined {
  const { table, workDirectory, settings, held, growth } = request;
  if (held || growth || table.members || table.format !== 'csv') return undefined;
  return new WritingAhead({
    ...{ connect, workDirectory, settings, base: parquetBase(table.name) },
    entry: entryFor(request.entry, table.originalPath),
    metadataOf: (columns) => metadataOf(request, columns),
  });
}

export function metadataOf(
  { metadata, table }: ConvertRequest,
  columns: TextRelation['columns'],
): Readonly<Record<string, string>> {
  return { ...metadata, ...descriptionMetadata(table, columns) };
}
