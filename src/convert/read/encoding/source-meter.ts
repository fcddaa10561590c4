/** Tells how many bytes of the source the pieces of its copy in UTF-8 were. */
import { sourceLength } from './measure.js';
import type { Respelled } from './respelled.js';

export class SourceMeter {
  private readonly isUtf8: boolean;
  private at = 0;
  private next = 0;

  constructor(
    private readonly encoding: string,
    private readonly respelled: readonly Respelled[],
  ) {
    this.isUtf8 = /^utf-?8$/i.test(encoding);
  }

  /** Of the next piece, which is whole lines; all are to be taken, in order, where the file is no UTF-8. */
  take(buffer: Buffer, start: number, end: number): number {
    if (this.isUtf8) return end - start;
    this.at += end - start;
    let bytes = this.lengthOf(buffer.subarray(start, end));
    for (; (this.respelled[this.next]?.at ?? Infinity) < this.at; this.next += 1)
      bytes += this.respelled[this.next]!.bytes;
    return bytes;
  }

  /** Of a text in its usual spelling. */
  lengthOf(text: Buffer): number {
    return this.isUtf8 ? text.length : sourceLength(text.toString('utf8'), this.encoding);
  }
}
