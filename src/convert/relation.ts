/** A table source as DuckDB reads it: every cell as the source's own text, or already typed. */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { DatasetEntry } from '../config/datasets.js';
import type { TableSource } from './types.js';

export interface RelationColumn {
  /** Unique within the table; the name of the Parquet column. */
  readonly name: string;
  /** As the source spells it. */
  readonly originalName: string;
  /** What the source declares: `text` for CSV, `string` or `number` for JSON, the stored type for Parquet. */
  readonly originalType: string;
  /** The DuckDB type of a column that the source has typed itself: copied, not proven. */
  readonly typed?: string;
}

/** A source record that is not a row. */
export interface Reject {
  /** 1-based line of the source where the record starts. */
  readonly line: number;
  /** In words: `3 fields, expected 5`. */
  readonly reason: string;
  /** The raw record, at most 64 KiB of it. */
  readonly raw: string;
}

export interface TextRelation {
  /** A DuckDB table expression whose columns are `columns`, in order, under their `name`. */
  readonly sql: string;
  readonly columns: readonly RelationColumn[];
  readonly dialect: Readonly<Record<string, unknown>>;
  /** Records in the source, rejects included, counted without DuckDB: one side of the ledger. */
  readonly sourceRecords: number;
  /** The first of them, in order: no more than can be kept. */
  readonly rejects: readonly Reject[];
  /** All of them. */
  readonly rejectCount: number;
  /** One a column, counted without DuckDB: the missing cells of the ledger. Known of CSV that is read as it is. */
  readonly cells?: readonly ColumnCells[];
  /** Some rows as they were read without DuckDB; `sql` gives them in the order of `rows`, which are 0-based. */
  readonly witnesses?: { readonly rows: readonly number[]; readonly sql: string };
  /** What was guessed and may be wrong, in words. */
  readonly warnings: readonly string[];
}

export interface ColumnCells {
  /** Cells of nothing, not even quotes. */
  readonly empty: number;
  /** Bytes of the longest cell, without its quotes. */
  readonly longestBytes: number;
}

export interface RelationContext {
  readonly connection: DuckDBConnection;
  readonly table: TableSource;
  /** Absolute path of the unpacked file. */
  readonly file: string;
  /** Absolute; a file made on the way (a transcoded copy) goes here and is removed with the folder. */
  readonly scratchDirectory: string;
  readonly entry: DatasetEntry;
  readonly signal: AbortSignal;
  /** Bytes and records of the source read so far. */
  readonly onRead: (bytes: number, records: number) => void;
}

export type OpenRelation = (context: RelationContext) => Promise<TextRelation>;

/** An SQL identifier. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** An SQL string literal. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
