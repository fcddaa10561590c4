/** Finds the records of a CSV file byte by byte, independently of DuckDB: the source's side of the ledger. */
import { ImportError } from '../../errors/index.js';
import type { Dialect } from './dialect.js';

/** A longer record is most likely an unclosed quote; DuckDB would need this much memory for one line. */
export const MAX_RECORD_BYTES = 64 * 1024 * 1024;

export interface ScannedRecord {
  /** Holds the record; only valid during the call. */
  readonly buffer: Buffer;
  readonly start: number;
  /** Without the line end. */
  readonly end: number;
  readonly fields: number;
  /** 1-based line where the record starts. */
  readonly line: number;
  /** Text after a closing quote, or a quote that is never closed. */
  readonly brokenQuote: boolean;
  /** A reader less lenient than this one could read it differently: quotes or lone `\r` inside plain text. */
  readonly unusual: boolean;
  /** Line end: 0 for `\n`, 1 for `\r\n`, 2 for `\r\r\n`; -1 for a last record without one. */
  readonly returns: number;
}

const LF = 10;
const CR = 13;
const NONE = -1;

enum State {
  FieldStart,
  Plain,
  Quoted,
  AfterQuote,
  /** A line that is no record: quotes mean nothing in it. */
  Raw,
}

/**
 * Push the file's bytes in order, then `end()`. Every record, blank lines included, goes to `onRecord`.
 * Records end at `\n`, `\r\n`, `\r\r\n` (or at `\r` when the dialect says so), but not within quotes.
 * Throws RECORD_TOO_LONG.
 */
export class RecordScanner {
  private readonly delimiter: number;
  private readonly quote: number;
  private readonly escape: number;
  private readonly newline: number;
  private readonly strayReturn: number;
  private readonly comment: number;
  private buffer: Buffer = Buffer.alloc(0);
  private position = 0;
  private start = 0;
  private line = 1;
  private linesWithin = 0;
  private fields = 1;
  private state = State.FieldStart;
  private broken = false;
  private unusual = false;

  constructor(
    dialect: Dialect,
    private readonly place: string,
    private readonly onRecord: (record: ScannedRecord) => void,
    /** So many lines at the start are no records, like those that begin with the comment character. */
    private readonly rawLines = 0,
  ) {
    this.comment = dialect.comment?.charCodeAt(0) ?? NONE;
    this.delimiter = dialect.delimiter.charCodeAt(0);
    this.quote = dialect.quote === '' ? NONE : dialect.quote.charCodeAt(0);
    this.escape = dialect.escape === dialect.quote ? NONE : dialect.escape.charCodeAt(0);
    this.newline = dialect.newline === '\r' ? CR : LF;
    this.strayReturn = dialect.newline === '\r' ? NONE : CR;
  }

  push(chunk: Buffer): void {
    const rest = this.buffer.subarray(this.start);
    this.position -= this.start;
    this.start = 0;
    this.buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    if (rest.length > MAX_RECORD_BYTES) {
      throw new ImportError('RECORD_TOO_LONG', {
        place: `${this.place}:${this.line}`,
        expected: `a record of at most ${MAX_RECORD_BYTES} bytes`,
        found: 'a longer one: most likely a quote that is never closed',
      });
    }
    // A byte is only looked at when the next one is known: escapes and line ends are pairs.
    this.scan(this.buffer.length - 1);
  }

  end(): void {
    this.scan(this.buffer.length);
    if (this.start >= this.buffer.length) return;
    if (this.state === State.Quoted) this.broken = true;
    this.emit(this.buffer.length, this.buffer.length, -1);
  }

  /** Line ends so far, those within quotes among them; of a last record without one, as if it had one. */
  get lines(): number {
    return this.line - 1;
  }

  private scan(limit: number): void {
    const { buffer, delimiter, quote, escape, newline, strayReturn, comment, rawLines } = this;
    let { position, state } = this;
    while (position < limit) {
      const byte = buffer[position]!;
      if (position === this.start && (byte === comment || this.line <= rawLines)) state = State.Raw;
      if (state === State.Quoted) {
        if (byte === quote) {
          if (escape === NONE && buffer[position + 1] === quote) position += 1;
          else state = State.AfterQuote;
        } else if (byte === escape) position += 1;
        else if (byte === newline) this.linesWithin += 1;
      } else if (byte === newline) {
        this.state = state;
        const end = contentEnd(buffer, this.start, position, newline);
        this.emit(end, position + 1, position - end);
        state = State.FieldStart;
      } else if (state === State.Raw) {
        position += 1;
        continue;
      } else if (byte === delimiter) {
        this.fields += 1;
        state = State.FieldStart;
      } else if (state === State.AfterQuote) {
        if (byte !== CR || newline === CR) this.broken = true;
      } else {
        if (byte === quote) {
          if (state === State.FieldStart) state = State.Quoted;
          else this.unusual = true;
        } else if (byte === strayReturn) {
          const next = buffer[position + 1];
          if (next !== LF && next !== CR) this.unusual = true;
        } else if (byte === escape) this.unusual = true;
        if (state === State.FieldStart) state = State.Plain;
      }
      position += 1;
    }
    this.position = position;
    this.state = state;
  }

  private emit(end: number, next: number, returns: number): void {
    const { buffer, start, fields, line, unusual, broken: brokenQuote } = this;
    this.onRecord({ buffer, start, end, fields, line, brokenQuote, unusual, returns });
    this.start = next;
    this.line += 1 + this.linesWithin;
    this.linesWithin = 0;
    this.fields = 1;
    this.broken = false;
    this.unusual = false;
    this.state = State.FieldStart;
  }
}

/** `\r` before `\n` belongs to the line end, also twice (`\r\r\n`, as text mode on Windows writes it). */
function contentEnd(buffer: Buffer, start: number, newlineAt: number, newline: number): number {
  let end = newlineAt;
  if (newline === LF) while (end > start && buffer[end - 1] === CR) end -= 1;
  return end;
}
