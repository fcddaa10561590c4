/** How a text file will be read: what the decisions amount to. */
import type { Decision } from '../decision.js';
import type { LineAbove } from './comments.js';
import type { Dialect } from './dialect.js';

export interface Plan {
  readonly dialect: Dialect;
  /** What each line above the table is; none of them is looked at for quotes. */
  readonly above: readonly (LineAbove | 'header')[];
  /** What they say, as far as it is kept. */
  readonly aboveText: string;
  /** Records that name the columns, and the line where the first of them starts. */
  readonly headerRecords: number;
  readonly headerLine: number;
  /** The header as the file has it; a record that repeats it is none. */
  readonly headerText?: string;
  /** One a column, as the file spells it; empty where there is none. */
  readonly names: readonly string[];
  /** Rows may have as few fields; the others of them are missing. */
  readonly padFrom: number;
  /** Lines at the end that are no records; found at the end when it is not pinned. */
  readonly skipFooter: number | undefined;
  readonly decisions: readonly Decision[];
  /** What was considered, best first: recorded in the catalog. */
  readonly candidates: readonly object[];
}

/** Why a file cannot be read as it stands, in the words of an error. */
export interface Refusal {
  readonly line: number;
  readonly expected: string;
  readonly found: string;
}
