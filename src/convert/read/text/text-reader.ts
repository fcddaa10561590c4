/** Reads a text file piece by piece, as it was planned: every byte is counted where it belongs. */
import type { Witness } from '../../relation.js';
import { ByteCount, type ByteKind } from '../byte-ledger.js';
import type { SourceMeter } from '../encoding/index.js';
import { KeptRows } from '../kept-rows.js';
import { cutBytes, MOST_RAW_BYTES, type RejectSink } from '../reject-sink.js';
import { MARK, startsWithMark } from './bytes.js';
import { isPlain } from './dialect.js';
import { cellsOf } from './fields.js';
import type { LastRecord } from './footer.js';
import type { Plan } from './plan.js';
import { RecordKinds } from './record-kinds.js';
import { RecordScanner, type ScannedRecord } from './record-scanner.js';
import type { RowWriter } from './row-copier.js';
import { TableEnd, type LeftOut } from './table-end.js';
import type { TextCounts } from './text-counts.js';

export interface ReaderOptions {
  readonly plan: Plan;
  readonly place: string;
  /** Where rows go; without it they stay in the file, which must be plain then. */
  readonly copier?: RowWriter | undefined;
  readonly rejects: RejectSink;
  /** Some bytes are not UTF-8: each record is looked at. */
  readonly damaged: boolean;
  readonly meter: SourceMeter;
  readonly firstColumnIsText: boolean;
}

const END_MARK = 0x1a;

export class TextReader {
  private readonly bytes = new ByteCount();
  private readonly kept = new KeptRows();
  private readonly scanner: RecordScanner;
  private readonly tableEnd: TableEnd;
  private readonly kinds: RecordKinds;
  private delayed: Array<{ record: ScannedRecord; kind: ByteKind; sourceBytes: number }> = [];
  /** Of the record that is looked at. */
  private sourceBytes = 0;
  private readonly headers = { bytes: 0, lines: 0, text: '' };
  private rows = 0;
  private listed = 0;
  private paddedRows = 0;
  private longestBytes = 0;
  private lineEnd: number | undefined;
  private linesAbove = 0;
  private endMarks = 0;
  private markInFirstRow = false;
  private markedRows = 0;
  /** True when a file that was to be read as it is cannot be. */
  isNotPlain: boolean;

  constructor(private readonly options: ReaderOptions) {
    const { plan, copier, damaged, place } = options;
    this.kinds = new RecordKinds(plan, damaged);
    this.tableEnd = new TableEnd(this.bytes, options.rejects);
    const { header } = this.kinds;
    this.isNotPlain = !copier && (!isPlain(plan.dialect) || (plan.skipFooter ?? 0) > 0);
    this.scanner = new RecordScanner(plan.dialect, place, (record) => this.look(record), {
      // Where every record is wanted, or its bytes in doubt, none is ordinary.
      fields: copier || damaged ? 0 : plan.names.length,
      afterLine: Math.max(plan.above.length, plan.headerLine - 1) + plan.headerRecords,
      rawLines: plan.above.length,
      ...(header && { like: header }),
    });
  }

  push(chunk: Buffer): void {
    let end = chunk.length;
    while (end > 0 && chunk[end - 1] === END_MARK) end -= 1;
    // Only at the very end do they mean the end.
    if (end > 0 && this.endMarks > 0) this.scanner.push(Buffer.alloc(this.endMarks, END_MARK));
    this.endMarks = end > 0 ? chunk.length - end : this.endMarks + chunk.length;
    if (end > 0) this.scanner.push(end === chunk.length ? chunk : chunk.subarray(0, end));
  }

  end(): TextCounts {
    this.scanner.end();
    const footer = this.endTable();
    if (this.endMarks > 0) {
      this.notPlain();
      this.bytes.add(
        'footer',
        this.options.meter.lengthOf(Buffer.alloc(this.endMarks, END_MARK)),
        0,
      );
    }
    const ordinary = this.scanner.counted();
    if (ordinary.records > 0) this.bytes.add('row', ordinary.bytes, ordinary.records);
    const rows = this.rows + ordinary.records;
    return {
      bytes: this.bytes,
      ...{ records: rows + this.tableEnd.rejected, rows, footer, paddedRows: this.paddedRows },
      longestBytes: Math.max(this.longestBytes, ordinary.longestBytes),
      newline: this.lineEnd === 1 ? '\r\n' : '\n',
      multiline: this.scanner.lines > this.listed + ordinary.records,
      witnesses: this.kept.rows,
      headers: this.headers.lines > 0 ? this.headers : undefined,
      ...{ markInFirstRow: this.markInFirstRow, markedRows: this.markedRows },
      endMarks: this.endMarks,
      linesAbove: this.linesAbove,
    };
  }

  /** Rows and rejects so far. */
  get records(): number {
    return this.rows + this.tableEnd.rejected + this.scanner.counted().records;
  }

  /** One a column; right when the file is read as it is. */
  cells() {
    return this.scanner.cells();
  }

  close(): void {
    this.scanner.close();
  }

  private look(record: ScannedRecord): void {
    const { plan } = this.options;
    this.listed += 1;
    const { buffer, start, bytes } = record;
    this.sourceBytes = this.options.meter.take(buffer, start, start + bytes);
    const kind = this.kinds.of(record);
    if (kind === 'header again') return this.headerAgain(record);
    if (record.line <= plan.above.length || kind === 'header') return this.count(record, kind);
    if (plan.skipFooter === undefined) return this.take(record, kind);
    // Any of them could be one of the last.
    this.delayed.push({ record: copyOf(record), kind, sourceBytes: this.sourceBytes });
    if (this.delayed.length <= plan.skipFooter) return;
    const first = this.delayed.shift()!;
    this.sourceBytes = first.sourceBytes;
    this.take(first.record, first.kind);
  }

  private headerAgain(record: ScannedRecord): void {
    const { buffer, start, end, line } = record;
    this.headers.bytes += record.bytes;
    this.headers.lines += 1;
    this.headers.text ||= `line ${line}: ${buffer.toString('utf8', start, end).replace(/^\uFEFF/, '')}`;
    this.notPlain();
    this.count(record, 'header');
  }

  private take(record: ScannedRecord, kind: ByteKind): void {
    if (kind === 'row') this.row(record);
    else if (kind === 'comment') this.count(record, kind);
    else this.wait(record, kind as LastRecord['kind']);
    if (kind !== 'row') this.notPlain();
  }

  private row(record: ScannedRecord): void {
    const { plan, copier, meter } = this.options;
    const { buffer, end, fields, returns, ordinaryBefore } = record;
    let { start } = record;
    this.tableEnd.rowFollows();
    this.lookAtLineEnd(returns);
    if (record.unusual) this.notPlain();
    const isFirst = this.rows === 0 && ordinaryBefore === 0;
    const isMarked = isFirst && startsWithMark(buffer, start, end);
    if (isMarked) {
      // DuckDB would leave it out of the first cell, whatever is done.
      this.bytes.add('byteOrderMark', meter.lengthOf(MARK), 0);
      this.markInFirstRow = true;
      this.notPlain();
      start += MARK.length;
    } else if (startsWithMark(buffer, start, end)) {
      this.markedRows += 1;
      this.notPlain();
    }
    if (isFirst) this.linesAbove = record.line - 1;
    this.bytes.add('row', this.sourceBytes - (isMarked ? meter.lengthOf(MARK) : 0));
    this.longestBytes = Math.max(this.longestBytes, end - start);
    if (fields < plan.names.length && !plan.dialect.fixedWidth) {
      this.paddedRows += 1;
      this.notPlain();
    }
    const split = (): Witness['cells'] => cellsOf(buffer.toString('utf8', start, end), plan);
    this.kept.offer(this.rows + ordinaryBefore, end - start, split);
    this.rows += 1;
    copier?.copy(buffer, start, end);
  }

  private wait(record: ScannedRecord, kind: LastRecord['kind']): void {
    const { buffer, start, end, line, fields, brokenQuote: isBroken } = record;
    const raw = cutBytes(buffer, start, end, MOST_RAW_BYTES);
    const bytes = this.sourceBytes;
    this.tableEnd.wait({
      kind,
      line,
      raw,
      bytes,
      fields,
      isBroken,
      reason: this.kinds.reasonOf(record),
    });
  }

  private endTable(): LeftOut | undefined {
    const pinned = this.delayed.splice(0).map(({ record, sourceBytes }) => ({
      bytes: sourceBytes,
      raw: cutBytes(record.buffer, record.start, record.end, MOST_RAW_BYTES),
    }));
    const { plan, firstColumnIsText } = this.options;
    return this.tableEnd.end(plan.skipFooter === undefined ? undefined : pinned, firstColumnIsText);
  }

  private count(record: ScannedRecord, kind: ByteKind): void {
    this.bytes.add(kind, this.sourceBytes);
    this.linesAbove = record.line;
    if (kind === 'header' || record.line <= this.options.plan.above.length) {
      this.lookAtLineEnd(record.returns);
      // DuckDB would take a quote in what it leaves out for the start of one.
      const { buffer, start, end } = record;
      const isOneLine = buffer.indexOf(10, start) >= end || buffer.indexOf(10, start) === -1;
      const quotes = buffer.subarray(start, end).filter((byte) => byte === 34).length;
      if (
        !isOneLine ||
        record.unusual ||
        record.brokenQuote ||
        (kind === 'header' ? quotes % 2 : quotes) > 0
      )
        this.notPlain();
    } else this.notPlain();
  }

  private lookAtLineEnd(returns: number): void {
    if (returns === -1) return;
    this.lineEnd ??= returns;
    if (returns !== this.lineEnd || returns > 1) this.notPlain();
  }

  private notPlain(): void {
    if (!this.options.copier) this.isNotPlain = true;
  }
}

/** The bytes that the scanner lends are only valid during its call. */
function copyOf(record: ScannedRecord): ScannedRecord {
  const { buffer, start, end, bytes } = record;
  const copy = Buffer.from(buffer.subarray(start, start + bytes));
  return { ...record, buffer: copy, start: 0, end: end - start };
}
