/** Copies the cells of lines of fixed width, byte by byte, into the canonical file, and counts what stands in none. */
import type { FixedColumn } from '../../../../config/dialect.js';
import type { CanonicalFile } from '../../../write/canonical-file.js';
import type { RowWriter } from '../row-copier.js';
import type { OutsideColumns } from '../text-counts.js';

const [TAB, FEED, RETURN, BLANK, QUOTE, COMMA] = [9, 10, 13, 32, 34, 44] as const;
/** The bits of a byte of UTF-8 that goes on with a character. */
const [LEAD_BITS, WITHIN] = [0xc0, 0x80] as const;
const MOST_SHOWN_CHARACTERS = 200;

export class FixedWidthCopier implements RowWriter {
  /** Where each character of the line begins, and behind the last one its end. */
  private offsets = new Uint32Array(1024);
  /** 1 for each character that a column has. */
  private readonly covered: Uint8Array;
  /** A line that ends before lacks a column. */
  private readonly lastBegin: number;
  private shortRows = 0;
  private outside: OutsideColumns = { bytes: 0, lines: 0, text: '', upTo: 0 };

  constructor(
    private readonly columns: readonly FixedColumn[],
    private readonly out: CanonicalFile,
  ) {
    this.covered = new Uint8Array(Math.max(...columns.map(({ to }) => to)));
    for (const { from, to } of columns) this.covered.fill(1, from - 1, to);
    this.lastBegin = Math.max(...columns.map(({ from }) => from));
  }

  copy(bytes: Buffer, start: number, end: number): void {
    const { out, columns } = this;
    const length = this.findCharacters(bytes, start, end);
    for (const { from, to } of columns) {
      if (from > length) out.missing();
      else this.cell(bytes, this.offsets[from - 1]!, this.offsets[Math.min(to, length)]!);
    }
    out.endRow();
    if (length < this.lastBegin) this.shortRows += 1;
    this.lookOutside(bytes, length);
  }

  /** What only the whole file tells. */
  counts(): { readonly paddedRows: number; readonly outside: OutsideColumns | undefined } {
    const { shortRows, outside } = this;
    return { paddedRows: shortRows, outside: outside.lines > 0 ? outside : undefined };
  }

  private findCharacters(bytes: Buffer, start: number, end: number): number {
    if (this.offsets.length <= end - start) this.offsets = new Uint32Array(2 * (end - start) + 1);
    const { offsets } = this;
    let count = 0;
    for (let at = start; at < end; at += 1)
      if ((bytes[at]! & LEAD_BITS) !== WITHIN) offsets[count++] = at;
    offsets[count] = end;
    return count;
  }

  private cell(bytes: Buffer, from: number, to: number): void {
    let [start, stop] = [from, to];
    while (start < stop && isBlank(bytes[start]!)) start += 1;
    while (stop > start && isBlank(bytes[stop - 1]!)) stop -= 1;
    if (start === stop) return this.out.missing();
    const isSimple = bytes.subarray(start, stop).every((byte) => !isMark(byte));
    if (isSimple) this.out.plain(bytes, start, stop);
    else this.out.quoted(bytes, start, stop);
  }

  private lookOutside(bytes: Buffer, length: number): void {
    const { covered, offsets } = this;
    let { text } = this.outside;
    let found = 0;
    let last = -1;
    for (let at = 0; at < length; at += 1) {
      if (covered[at] === 1 || isBlank(bytes[offsets[at]!]!)) continue;
      const [from, to] = [offsets[at]!, offsets[at + 1]!];
      if (text.length < MOST_SHOWN_CHARACTERS)
        text += `${found > 0 && at > last + 1 ? ' ' : ''}${bytes.toString('utf8', from, to)}`;
      found += to - from;
      last = at;
    }
    if (found === 0) return;
    if (text.length < MOST_SHOWN_CHARACTERS) text += '\n';
    const { bytes: before, lines, upTo } = this.outside;
    this.outside = {
      ...{ bytes: before + found, lines: lines + 1, text },
      upTo: Math.max(upTo, last + 1),
    };
  }
}

function isBlank(byte: number): boolean {
  return byte === BLANK || byte === TAB;
}

/** Needs quotes in the canonical file. */
function isMark(byte: number): boolean {
  return byte === QUOTE || byte === COMMA || byte === FEED || byte === RETURN;
}
