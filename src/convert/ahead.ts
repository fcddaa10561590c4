/** Which tables may begin to be written before their records are counted, and what their Parquet says of itself. */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { ConvertRequest } from './convert-table.js';
import { descriptionMetadata } from './describe/described.js';
import { parquetBase } from './outputs.js';
import type { TextRelation } from './relation.js';
import { entryFor } from './unpack/file-patterns.js';
import { WritingAhead } from './write/ahead.js';

/** Not of several files, which are written as they come, nor of one whose types are held to an older version's. */
export function writingAhead(
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
