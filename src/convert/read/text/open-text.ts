/** Delimited text in any dialect and encoding as a DuckDB relation of texts. */
import type { RelationContext, TextRelation } from '../../relation.js';
import { plainTextSql } from '../../write/plain-text.js';
import { readText } from './read-text.js';

/** Throws as `readText` does. */
export async function openTextTable(context: RelationContext): Promise<TextRelation> {
  const { table, file, entry, scratchDirectory, signal, onRead } = context;
  const reading = await readText({
    ...{ file, place: table.originalPath, scratchDirectory, signal, onRead },
    pins: entry.csv ?? {},
    maxRejects: entry.checks.max_rejects,
  });
  const { columns, text, ...rest } = reading;
  return {
    ...rest,
    sql: plainTextSql(
      text,
      columns.map(({ name }) => name),
    ),
    columns: columns.map((column) => ({ ...column, originalType: 'text' })),
    warnings: [],
  };
}
