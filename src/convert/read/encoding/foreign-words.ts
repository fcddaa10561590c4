/** Collects the words with bytes beyond ASCII of a file that is not UTF-8 throughout, in bounded memory. */
import { isAscii, isUtf8 } from 'node:buffer';

export interface Word {
  readonly bytes: Buffer;
  readonly isUtf8: boolean;
}

/** More different words say nothing new about an encoding. */
const KEPT_WORDS = 2000;
const KEPT_WORD_BYTES = 4096;
const SLICE_BYTES = 4096;

/** Ends a word: in no encoding that comes into question are these part of a longer character. */
const ENDS_WORD = Uint8Array.from({ length: 256 }, (_x, byte) =>
  byte < 0x30 || (byte > 0x39 && byte < 0x40) ? 1 : 0,
);

/** Divides cells, and is the second byte of a character in some encodings: what it ends may have it as its last. */
const BAR = 0x7c;

export class ForeignWords {
  /** Each different word once, whatever numbers stand beside it: what is repeated is no further evidence. */
  private readonly kept = new Map<string, Word>();
  private readonly seenBytes = new Uint8Array(256);
  private rest: Buffer = Buffer.alloc(0);
  private keptOf = { utf8: 0, other: 0 };
  /** Words with bytes beyond ASCII that are UTF-8, and that are not. */
  readonly counted = { utf8: 0, other: 0 };

  push(chunk: Buffer): void {
    const bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    let start = 0;
    for (let from = 0; from < bytes.length; from += SLICE_BYTES) {
      const to = Math.min(from + SLICE_BYTES, bytes.length);
      if (isAscii(bytes.subarray(Math.min(start, from), to))) {
        start = to;
        while (start > from && ENDS_WORD[bytes[start - 1]!] === 0) start -= 1;
        continue;
      }
      for (let at = from; at < to; at += 1) {
        if (ENDS_WORD[bytes[at]!] === 0 && bytes[at] !== BAR) continue;
        const end = bytes[at] === BAR && at > start && bytes[at - 1]! >= 0x80 ? at + 1 : at;
        if (end > start) this.add(bytes.subarray(start, end));
        start = at + 1;
      }
    }
    // A copy: the piece itself may be reused. What is longer than any word is cut.
    this.rest = Buffer.from(bytes.subarray(start));
    if (this.rest.length > 1 << 20) this.end();
  }

  end(): void {
    this.add(this.rest);
    this.rest = Buffer.alloc(0);
  }

  get words(): readonly Word[] {
    return [...this.kept.values()];
  }

  private add(whole: Buffer): void {
    if (isAscii(whole)) return;
    const kind = isUtf8(whole) ? 'utf8' : 'other';
    this.counted[kind] += 1;
    const bytes = whole.subarray(0, KEPT_WORD_BYTES);
    if (this.keptOf[kind] >= KEPT_WORDS && !this.isNews(bytes)) return;
    const key = bytes.toString('latin1').replace(/\d+/g, '0');
    if (this.kept.has(key)) return;
    this.keptOf[kind] += 1;
    for (const byte of bytes) this.seenBytes[byte] = 1;
    this.kept.set(key, { bytes: Buffer.from(bytes), isUtf8: kind === 'utf8' });
  }

  /** Every byte of the file is looked at in some word. */
  private isNews(bytes: Buffer): boolean {
    return bytes.some((byte) => byte >= 0x80 && this.seenBytes[byte] === 0);
  }
}
