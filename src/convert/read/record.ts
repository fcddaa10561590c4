/** What every reader of records gives: rows by column name, or the reason why there is none. */

import type { Decision } from './decision.js';

/** A source record that is not a row; kept, never dropped. */
export interface RejectedRecord {
  /** 1-based: the line of NDJSON, the element of a JSON array. */
  readonly line: number;
  readonly reason: string;
  readonly raw: string;
}

/** Cells by original column name. `null` is a missing value, `''` an empty text. */
export type Cells = ReadonlyMap<string, string | null>;

export type SourceRecord =
  | { readonly bytes: number; readonly cells: Cells }
  | { readonly bytes: number; readonly reject: RejectedRecord }
  | Remark;

/** No record: what a person should know of the file, in words. */
export interface Remark {
  readonly remark: string;
}

/** Reads from the start at each call: the first reading finds the columns, the second writes. */
export type RecordSource = () => AsyncIterable<SourceRecord>;

export interface RecordReader {
  readonly source: RecordSource;
  /** Where the source names them before its records, which are then read once; as `positionedName` where two may be alike. */
  readonly columns?: readonly string[];
  /** What the source declares of its columns, in the order in which they appear first. */
  readonly originalTypes?: readonly string[];
  /** What the source says of its columns, by their original names. */
  readonly descriptions?: ReadonlyArray<readonly [name: string, description: string]>;
  /** DuckDB types that the source declares and that say more than the texts do: they are proven, nothing narrower is tried. */
  readonly declaredTypes?: ReadonlyArray<string | undefined>;
  /** How it was read where the source does not say so itself. */
  readonly decisions?: readonly Decision[];
  /** Names a cell as its format does: `Sheet1!C7`. Record from 1, column from 0. */
  readonly cellName?: (record: number, column: number) => string;
  /** How the source was read, for the catalog. */
  readonly dialect?: Readonly<Record<string, unknown>>;
}
