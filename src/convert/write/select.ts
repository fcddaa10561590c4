/** The rows of a table as they are written. */
import type { SourceColumn } from '../../iceberg/field-id.js';
import type { LikelyColumn } from '../prove/likely.js';
import { quoteIdentifier } from '../relation.js';

export type WrittenColumn = SourceColumn & { readonly expression: string };

export interface WrittenRows {
  /** SQL that gives them, in order. */
  readonly select: string;
  readonly columns: readonly WrittenColumn[];
}

/** Of the likely types: a cell that one does not hold for ends the reading. */
export function likelySelect(sql: string, likely: readonly LikelyColumn[]): WrittenRows {
  return selectOf(
    sql,
    likely.map(({ column: { name }, expression, rule: { type } }) => ({
      ...{ name, type, expression },
    })),
  );
}

export function selectOf(sql: string, columns: readonly WrittenColumn[]): WrittenRows {
  const list = columns.map(({ name, expression }) => `${expression} AS ${quoteIdentifier(name)}`);
  return { select: `SELECT ${list.join(', ')} FROM ${sql}`, columns };
}
