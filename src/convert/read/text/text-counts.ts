/** What is known of a text file when all of it has been read. */
import type { Witness } from '../../relation.js';
import type { ByteCount } from '../byte-ledger.js';
import type { LeftOut } from './table-end.js';

export interface OutsideColumns extends LeftOut {
  /** The last character of any line, counted from 1. */
  readonly upTo: number;
}

export interface TextCounts {
  readonly bytes: ByteCount;
  /** Rows and rejects. */
  readonly records: number;
  readonly rows: number;
  readonly longestBytes: number;
  readonly newline: '\n' | '\r\n';
  /** True when a record goes over several lines. */
  readonly multiline: boolean;
  readonly witnesses: readonly Witness[];
  readonly paddedRows: number;
  /** Of rows of fixed width, what stands in none of the columns. */
  readonly outside?: OutsideColumns | undefined;
  readonly footer: LeftOut | undefined;
  /** Records that repeat the header. */
  readonly headers: LeftOut | undefined;
  /** U+FEFF at the start of the first row. */
  readonly markInFirstRow: boolean;
  /** Others that begin with one. */
  readonly markedRows: number;
  /** 0x1A at the end, by which DOS knew it. */
  readonly endMarks: number;
  /** Lines up to the first row. */
  readonly linesAbove: number;
}
