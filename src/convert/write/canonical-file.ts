/** Writes rows as the one form of text that DuckDB is given: UTF-8, commas, doubled quotes, `\n`, no header. */
import { open, type FileHandle } from 'node:fs/promises';
import type { ColumnCells } from '../relation.js';

const QUOTE = 34;
const COMMA = 44;
const FEED = 10;
const START_BYTES = 1 << 20;

/** A missing cell is nothing at all, an empty text two quotes. Cells are given in order, then `endRow()`. */
export class CanonicalFile {
  rows = 0;
  longestBytes = 0;
  /** True when a cell goes over several lines. */
  multiline = false;
  private readonly empty: number[];
  private readonly longest: number[];
  private column = 0;
  private out = Buffer.allocUnsafe(START_BYTES);
  private at = 0;
  private rowStart = 0;
  private handle: FileHandle | undefined;

  constructor(
    readonly file: string,
    columns: number,
  ) {
    this.empty = Array.from({ length: columns }, () => 0);
    this.longest = Array.from({ length: columns }, () => 0);
  }

  missing(): void {
    this.room(1);
    this.separate();
    this.empty[this.column]! += 1;
    this.column += 1;
  }

  /** Bytes without commas, quotes and line ends, one at least. */
  plain(bytes: Buffer, from: number, to: number): void {
    this.room(to - from + 1);
    this.separate();
    bytes.copy(this.out, this.at, from, to);
    this.at += to - from;
    this.measure(to - from);
  }

  /** Any bytes. */
  quoted(bytes: Buffer, from: number, to: number): void {
    this.room(2 * (to - from) + 3);
    this.separate();
    const { out } = this;
    let { at } = this;
    out[at++] = QUOTE;
    for (let index = from; index < to; index += 1) {
      const byte = bytes[index]!;
      if (byte === QUOTE) out[at++] = QUOTE;
      else if (byte === FEED) this.multiline = true;
      out[at++] = byte;
    }
    out[at++] = QUOTE;
    this.at = at;
    this.measure(to - from);
  }

  text(value: string | null): void {
    if (value === null) return this.missing();
    const bytes = Buffer.from(value);
    this.quoted(bytes, 0, bytes.length);
  }

  endRow(): void {
    this.room(1);
    this.out[this.at++] = FEED;
    this.longestBytes = Math.max(this.longestBytes, this.at - this.rowStart);
    this.rowStart = this.at;
    this.column = 0;
    this.rows += 1;
  }

  /** Writes what there is. To be called now and then: rows wait in memory until then. */
  async flush(leastBytes = 0): Promise<void> {
    if (this.at < leastBytes) return;
    this.handle ??= await open(this.file, 'w');
    if (this.at > 0) await this.handle.writeFile(this.out.subarray(0, this.at));
    this.at = this.rowStart = 0;
  }

  async close(): Promise<void> {
    try {
      await this.flush();
    } finally {
      await this.handle?.close();
      this.handle = undefined;
    }
  }

  cells(): ColumnCells[] {
    return this.empty.map((empty, column) => ({ empty, longestBytes: this.longest[column]! }));
  }

  private separate(): void {
    if (this.column > 0) this.out[this.at++] = COMMA;
  }

  private measure(bytes: number): void {
    if (bytes > this.longest[this.column]!) this.longest[this.column] = bytes;
    this.column += 1;
  }

  private room(bytes: number): void {
    if (this.at + bytes <= this.out.length) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * this.out.length, this.at + bytes));
    this.out.copy(larger, 0, 0, this.at);
    this.out = larger;
  }
}
