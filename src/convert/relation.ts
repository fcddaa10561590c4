/** A table source as DuckDB reads it: every cell as the source's own text, or already typed. */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { DatasetEntry } from '../config/datasets.js';
import type { ByteLedger } from './read/byte-ledger.js';
import type { Decision } from './read/decision.js';
import type { RejectSink } from './read/reject-sink.js';
import type { LikelyReading } from './read/text/likely-reading.js';
import type { TextReading } from './read/text/read-text.js';
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
  /** The DuckDB type that the source declares for its texts: tried first, before none but text. */
  readonly declared?: string;
  /** How it is copied, where its values are written as another type than the source has. */
  readonly typedRule?: string;
}

export interface TextRelation {
  /** A DuckDB table expression whose columns are `columns`, in order, under their `name`. */
  readonly sql: string;
  readonly columns: readonly RelationColumn[];
  readonly dialect: Readonly<Record<string, unknown>>;
  /** Records in the source, rejects included, counted without DuckDB: one side of the ledger. */
  readonly sourceRecords: number;
  readonly rejects: Pick<RejectSink, 'count' | 'first' | 'file'>;
  /** YAML that lets the rejects in, tried before it is suggested. */
  readonly suggest?: () => Promise<string | undefined>;
  /** One a column, counted without DuckDB: the missing cells of the ledger. Not known of Parquet. */
  readonly cells?: readonly ColumnCells[];
  /** Bytes of a row, on average and as text. */
  readonly rowBytes?: number;
  /** Some rows as they were read without DuckDB. */
  readonly witnesses?: readonly Witness[];
  /** Names a cell as its format does: `Sheet1!C7`. Row from 1, column by its place among `columns`. */
  readonly cellName?: (row: number, column: number) => string;
  /** What the file itself says of its columns, by their original names. */
  readonly columnDescriptions?: ReadonlyArray<readonly [name: string, description: string]>;
  /** How the source was read where it does not say so itself. */
  readonly decisions: readonly Decision[];
  /** Of text: where each byte of the file belongs. */
  readonly byteLedger?: ByteLedger;
  /** The reader's remarks, in words, beside what its decisions tell. */
  readonly warnings: readonly string[];
}

/** A row as it was read without DuckDB. */
export interface Witness {
  /** 0-based, rejects not counted. */
  readonly row: number;
  /** One a column; `null` is a missing cell. */
  readonly cells: ReadonlyArray<string | null>;
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
  /** Words what settles a reading for this table alone. */
  readonly pinFor: (pin: string) => string;
  readonly signal: AbortSignal;
  /** To be asked as soon as the columns are known, before anything is made of them. Throws TOO_MANY_COLUMNS. */
  readonly requireColumns?: (columns: number) => void;
  /** Bytes and records of the source read so far. */
  readonly onRead: (bytes: number, records: number) => void;
  /** How the text was read while it arrived: it is not read again. */
  readonly arrived?: TextReading | undefined;
  /** What the start of a large file says of the rest, before it is read; nothing when it turns out to be wrong. */
  readonly onLikely?: ((likely: LikelyReading | undefined) => void) | undefined;
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
