/** Counts rows of a growing table that repeat a key, and new ones that come late. None is removed, no value is shown. */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { AppendPin } from '../../config/tables.js';
import { ImportError } from '../../errors/index.js';
import { findColumn, unknownColumn } from '../describe/checks/columns.js';
import { parquetRelation } from '../describe/parquet-relation.js';
import { quoteIdentifier } from '../relation.js';

export interface GrowingRows {
  readonly connection: DuckDBConnection;
  /** Absolute paths of the parts of the version before; none for a table that is stored as a whole. */
  readonly kept: readonly string[];
  /** Of the others. */
  readonly added: readonly string[];
  readonly columns: ReadonlyArray<{
    readonly name: string;
    readonly originalName: string;
    readonly type: string;
  }>;
  /** Names the table. */
  readonly place: string;
}

/** In words, one for each count that is not 0. Throws CHECK_FAILED for a column that the table has not. */
export async function growthNotes(rows: GrowingRows, pin: AppendPin): Promise<string[]> {
  const { key = [], order } = pin;
  return [
    ...(key.length > 0 ? await repeatedKeys(rows, key) : []),
    ...(order === undefined ? [] : await lateRows(rows, order)),
  ];
}

async function repeatedKeys(rows: GrowingRows, key: readonly string[]): Promise<string[]> {
  const { kept, added } = rows;
  const names = key.map((name) => quoteIdentifier(columnOf(rows, name)));
  const whole = names.map((name) => `${name} IS NOT NULL`).join(' AND ');
  const keysOf = (files: readonly string[]): string =>
    `SELECT ${names.join(', ')}, count(*) AS n FROM ${parquetRelation(files)} WHERE ${whole} GROUP BY ALL`;
  const told = `key (${key.join(', ')})`;
  const [extra, repeated] = await numbers(
    rows,
    `SELECT coalesce(sum(n - 1), 0)::DOUBLE, count(*)::DOUBLE FROM (${keysOf([...kept, ...added])}) WHERE n > 1`,
  );
  const missing = names.map((name) => `${name} IS NULL`).join(' OR ');
  const [without] = await numbers(
    rows,
    `SELECT count(*)::DOUBLE FROM ${parquetRelation([...kept, ...added])} WHERE ${missing}`,
  );
  const [again] =
    kept.length === 0 || added.length === 0
      ? [0]
      : await numbers(
          rows,
          `SELECT coalesce(sum(n), 0)::DOUBLE FROM (${keysOf(added)}) AS new SEMI JOIN (${keysOf(kept)}) AS old USING (${names.join(', ')})`,
        );
  return [
    ...(extra! > 0
      ? [
          `${told}: ${rowsThat(extra!, 'repeats', 'repeat')} the key of another one (${counted(repeated!, 'key')}); all are kept`,
        ]
      : []),
    ...(again! > 0
      ? [`${told}: ${rowsThat(again!, 'has', 'have', 'new row')} a key that the version before has`]
      : []),
    ...(without! > 0 ? [`${told}: ${rowsThat(without!, 'lacks', 'lack')} a part of it`] : []),
  ];
}

async function lateRows(rows: GrowingRows, order: string): Promise<string[]> {
  const { kept, added } = rows;
  const x = quoteIdentifier(columnOf(rows, order));
  if (kept.length === 0 || added.length === 0) return [];
  const last = `(SELECT max(${x}) FROM ${parquetRelation(kept)})`;
  const [late] = await numbers(
    rows,
    `SELECT count(*)::DOUBLE FROM ${parquetRelation(added)} WHERE ${x} < ${last}`,
  );
  return late! > 0
    ? [
        `order ${order}: ${rowsThat(late!, 'stands', 'stand', 'new row')} before the last one of the version before`,
      ]
    : [];
}

function counted(count: number, what: string): string {
  return `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`;
}

function rowsThat(count: number, one: string, several: string, what = 'row'): string {
  return `${counted(count, what)} ${count === 1 ? one : several}`;
}

function columnOf({ columns, place }: GrowingRows, name: string): string {
  const column = findColumn(columns, name);
  if (column) return column.name;
  const found = `append: ${unknownColumn(columns, name)}`;
  throw new ImportError('CHECK_FAILED', { place, found });
}

async function numbers({ connection }: GrowingRows, sql: string): Promise<number[]> {
  const reader = await connection.runAndReadAll(sql);
  return reader.getRows()[0]!.map(Number);
}
