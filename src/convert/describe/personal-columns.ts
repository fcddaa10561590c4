/** Finds the columns of personal data in a source that is not written yet, for messages about it. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { quoteIdentifier, type RelationColumn } from '../relation.js';
import { shown } from './mask.js';
import { personalDataOf } from './personal-data.js';

const LOOKED_AT = 500;
/** Between the fields of a record that may have been cut in any way. */
const MARKS = /[,;|\t"'\n\r]+/;

/** Names of them, by their headers and by the values of their first rows, which need not be readable. */
export async function personalColumns(
  connection: DuckDBConnection,
  sql: string,
  columns: readonly RelationColumn[],
): Promise<Set<string>> {
  const names = columns.map(({ name }) => `${quoteIdentifier(name)}::VARCHAR`);
  const values = await connection
    .runAndReadAll(`SELECT ${names.join(', ')} FROM ${sql} LIMIT ${LOOKED_AT}`)
    .then((reader) => reader.getColumns() as Array<Array<string | null>>)
    .catch(() => []);
  return new Set(
    columns
      .filter(({ originalName }, index) => {
        const found = (values[index] ?? []).filter((value) => value !== null && value !== '');
        const column = { type: 'VARCHAR', originalName };
        return personalDataOf(column, [...new Set(found)] as string[]) !== undefined;
      })
      .map(({ name }) => name),
  );
}

/**
 * A record that is no row, as a message may show it: which of its parts belong to which column nobody knows, so where
 * one column is personal, or a part looks so, its shape is all that shows.
 */
export function shownRecord(raw: string, inPersonalTable: boolean): string {
  const parts = raw.split(MARKS).filter((part) => part.trim() !== '');
  const looksPersonal = parts.some(
    (part) =>
      personalDataOf({ type: 'VARCHAR', originalName: 'name' }, [part.trim()]) !== undefined,
  );
  return shown(raw, inPersonalTable || looksPersonal, raw.length);
}
