/** Keeps what stands at the end of the file so far, until a row or the end tells what it is. */
import type { ByteCount } from '../byte-ledger.js';
import type { RejectSink } from '../reject-sink.js';
import { footerLength, MOST_FOOTER_LINES, type LastRecord } from './footer.js';

/** Lines that the reading itself left out. */
export interface LeftOut {
  readonly bytes: number;
  readonly lines: number;
  readonly text: string;
}

export class TableEnd {
  rejected = 0;
  private last: LastRecord[] = [];

  constructor(
    private readonly bytes: ByteCount,
    private readonly rejects: RejectSink,
  ) {}

  /** It may be below the table. */
  wait(record: LastRecord): void {
    this.last.push(record);
    if (this.last.length > MOST_FOOTER_LINES) this.settle(1);
  }

  /** A row follows: nothing before it is a note below the table. */
  rowFollows(): void {
    if (this.last.length > 0) this.settle(this.last.length);
  }

  /** Gives the notes; `pinned` are those that a person has counted, none of them too. */
  end(
    pinned: readonly Pick<LastRecord, 'bytes' | 'raw'>[] | undefined,
    firstColumnIsText: boolean,
  ): LeftOut | undefined {
    const found = pinned ? 0 : footerLength(this.last, firstColumnIsText);
    this.settle(this.last.length - found);
    const lines = pinned ?? this.last;
    if (lines.length === 0) return undefined;
    for (const { bytes } of lines) this.bytes.add('footer', bytes);
    return {
      bytes: lines.reduce((sum, { bytes }) => sum + bytes, 0),
      lines: lines.length,
      text: lines.map(({ raw }) => raw).join('\n'),
    };
  }

  private settle(count: number): void {
    for (const { kind, bytes, line, reason, raw } of this.last.splice(0, count)) {
      this.bytes.add(kind, bytes);
      if (kind !== 'reject') continue;
      this.rejected += 1;
      this.rejects.add({ line, reason, raw });
    }
  }
}
