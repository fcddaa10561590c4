/** Tells what each record of a file is, by the plan: what stands above the table, its header, a row or none. */
import { isUtf8 } from 'node:buffer';
import type { ByteKind } from '../byte-ledger.js';
import { isBlank, MARK, startsWithMark } from './bytes.js';
import type { Plan } from './plan.js';
import type { ScannedRecord } from './record-scanner.js';

export class RecordKinds {
  /** A record of these bytes is the header again; nothing where the plan has none to compare. */
  readonly header: Buffer | undefined;
  private headersPending: number;

  /** Where some bytes are not UTF-8, records with such bytes are no rows. */
  constructor(
    private readonly plan: Plan,
    private readonly damaged: boolean,
  ) {
    this.headersPending = plan.headerRecords;
    this.header = plan.headerText === undefined ? undefined : Buffer.from(plan.headerText);
  }

  /** To be asked in the order of the file. */
  of(record: ScannedRecord): ByteKind | 'header again' {
    const { buffer, start, end, line, fields, brokenQuote } = record;
    const { dialect, names, padFrom, above, headerLine } = this.plan;
    if (line <= above.length) return above[line - 1]!;
    const { comment } = dialect;
    if (comment !== undefined && buffer[start] === comment.charCodeAt(0)) return 'comment';
    const isEmpty = end === start;
    // Of one column, an empty line is a row with a missing cell; there is no other way to write one.
    const mayBeBlank = isEmpty ? names.length > 1 : fields !== names.length;
    if ((mayBeBlank || dialect.fixedWidth) && isBlank(buffer, start, end)) return 'blank';
    if (this.headersPending > 0 && line >= headerLine) {
      this.headersPending -= 1;
      return 'header';
    }
    if (this.isHeaderAgain(record)) return 'header again';
    if (brokenQuote || fields > names.length || fields < padFrom) return 'reject';
    return this.damaged && !isUtf8(buffer.subarray(start, end)) ? 'reject' : 'row';
  }

  /** Why it is a reject, in words. */
  reasonOf({ brokenQuote, fields }: ScannedRecord): string {
    if (brokenQuote) return 'broken quotes';
    const expected = this.plan.names.length;
    return fields !== expected
      ? `${fields} fields, expected ${expected}`
      : 'bytes that are not UTF-8';
  }

  private isHeaderAgain({ buffer, start, end }: ScannedRecord): boolean {
    const { header } = this;
    if (!header || this.plan.names.length < 2) return false;
    const from = startsWithMark(buffer, start, end) ? start + MARK.length : start;
    return end - from === header.length && header.compare(buffer, from, end) === 0;
  }
}
