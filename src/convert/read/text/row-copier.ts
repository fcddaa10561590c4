/** Copies the cells of a record, byte by byte, into the canonical file; witnesses are split by other code. */
import type { CanonicalFile } from '../../write/canonical-file.js';
import { WHITESPACE, type Dialect } from './dialect.js';

const QUOTE = 34;
const COMMA = 44;
const FEED = 10;
const RETURN = 13;
const TAB = 9;
const BLANK = 32;
const NONE = -1;

/** Gives the cells of a record to a file, one row a record. */
export interface RowWriter {
  copy(bytes: Buffer, start: number, end: number): void;
}

export class RowCopier implements RowWriter {
  private readonly delimiter: Buffer;
  private readonly first: number;
  private readonly quote: number;
  private readonly escape: number;
  private readonly isRun: boolean;
  private readonly isBeside: boolean;
  private readonly isOutside: boolean;
  private readonly isTrimmed: boolean;
  /** A cell that is not in one piece in the source. */
  private scratch = Buffer.allocUnsafe(1 << 16);

  constructor(
    dialect: Dialect,
    private readonly out: CanonicalFile,
    private readonly columns: number,
  ) {
    const byteOf = (text: string): number => (text === '' ? NONE : text.charCodeAt(0));
    this.isRun = dialect.delimiter === WHITESPACE;
    this.delimiter = Buffer.from(this.isRun ? ' ' : dialect.delimiter);
    this.first = this.delimiter[0]!;
    this.quote = byteOf(dialect.quote);
    this.escape = byteOf(dialect.escape);
    this.isBeside = dialect.blanksBesideQuotes === true && !this.isRun;
    this.isOutside = dialect.escapesOutside === true;
    this.isTrimmed = dialect.trim === true;
  }

  /** Fields that the record lacks are missing cells. */
  copy(bytes: Buffer, start: number, end: number): void {
    const { out, isRun, columns } = this;
    let count = 0;
    let at = start;
    for (;;) {
      if (isRun) at = this.afterBlanks(bytes, at, end);
      if (isRun && at >= end && count > 0) break;
      const opening = this.isBeside ? this.afterBlanks(bytes, at, end) : at;
      if (opening < end && bytes[opening] === this.quote)
        at = this.copyQuoted(bytes, opening + 1, end);
      else if (this.isOutside) at = this.copyEscaped(bytes, at, end);
      else at = this.copyPlain(bytes, at, end);
      count += 1;
      if (at >= end) break;
      at += this.delimiter.length;
      if (at < end || isRun) continue;
      out.missing();
      count += 1;
      break;
    }
    for (; count < columns; count += 1) out.missing();
    out.endRow();
  }

  /** Gives where the delimiter stands, or the end. */
  private copyPlain(bytes: Buffer, from: number, end: number): number {
    const { first, isRun } = this;
    let at = from;
    let isSimple = true;
    for (; at < end; at += 1) {
      const byte = bytes[at]!;
      if (byte === first && (isRun || this.separates(bytes, at, end))) break;
      if (isRun && byte === TAB) break;
      if (byte === QUOTE || byte === COMMA || byte === FEED || byte === RETURN) isSimple = false;
    }
    let [start, stop] = [from, at];
    if (this.isTrimmed) {
      start = this.afterBlanks(bytes, start, stop);
      while (stop > start && isBlank(bytes[stop - 1]!)) stop -= 1;
    }
    if (start === stop) this.out.missing();
    else if (isSimple) this.out.plain(bytes, start, stop);
    else this.out.quoted(bytes, start, stop);
    return at;
  }

  private copyQuoted(bytes: Buffer, from: number, end: number): number {
    const { quote, escape } = this;
    let at = from;
    let pieceFrom = from;
    let length = 0;
    for (; at < end; at += 1) {
      const byte = bytes[at]!;
      const isEscape = byte === escape && at + 1 < end && isEither(bytes[at + 1]!, quote, escape);
      if (isEscape) {
        length = this.keep(bytes, pieceFrom, at, length);
        at += 1;
        pieceFrom = at;
      } else if (byte === quote) break;
    }
    if (length === 0) this.out.quoted(bytes, pieceFrom, at);
    else {
      length = this.keep(bytes, pieceFrom, at, length);
      this.out.quoted(this.scratch, 0, length);
    }
    const next = Math.min(at + 1, end);
    return this.isBeside ? this.afterBlanks(bytes, next, end) : next;
  }

  private copyEscaped(bytes: Buffer, from: number, end: number): number {
    const { quote, escape, first } = this;
    let at = from;
    let length = 0;
    for (; at < end; at += 1) {
      if (bytes[at] === first && this.separates(bytes, at, end)) break;
      if (bytes[at] === escape && at + 1 < end) {
        const next = bytes[at + 1]!;
        const takes =
          isEither(next, quote, escape) || next === FEED || this.separates(bytes, at + 1, end);
        if (takes) at += 1;
      }
      length = this.keep(bytes, at, at + 1, length);
    }
    if (length === 0) this.out.missing();
    else this.out.quoted(this.scratch, 0, length);
    return at;
  }

  private keep(bytes: Buffer, from: number, to: number, length: number): number {
    if (length + to - from > this.scratch.length) {
      const larger = Buffer.allocUnsafe(2 * (length + to - from));
      this.scratch.copy(larger, 0, 0, length);
      this.scratch = larger;
    }
    bytes.copy(this.scratch, length, from, to);
    return length + to - from;
  }

  /** A blank that separates is none of them. */
  private afterBlanks(bytes: Buffer, from: number, end: number): number {
    let at = from;
    while (at < end && isBlank(bytes[at]!) && (this.isRun || !this.separates(bytes, at, end)))
      at += 1;
    return at;
  }

  private separates(bytes: Buffer, at: number, end: number): boolean {
    const { delimiter } = this;
    if (at + delimiter.length > end) return false;
    for (let index = 0; index < delimiter.length; index += 1)
      if (bytes[at + index] !== delimiter[index]) return false;
    return true;
  }
}

function isEither(byte: number, one: number, other: number): boolean {
  return byte === one || byte === other;
}

function isBlank(byte: number): boolean {
  return byte === BLANK || byte === TAB;
}
