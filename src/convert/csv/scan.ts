/** Reads a whole CSV file once: counts its records, sets rejects aside, and tells whether it is plain. */
import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import type { ColumnCells, Reject } from '../relation.js';
import type { DetectedDialect } from './detect.js';
import { Utf8Check } from '../read/encoding/index.js';
import type { TextFile } from './encoding.js';
import { splitRecord } from './fields.js';
import { RecordScanner, type ScannedRecord } from './record-scanner.js';
import { Witnesses, type Witness } from './witnesses.js';

export interface ScanResult {
  /** Records, rejects included; without header, preamble, comments and blank lines. */
  readonly records: number;
  readonly rejects: readonly Reject[];
  /** Rejects beyond those kept. */
  readonly rejectCount: number;
  readonly longestBytes: number;
  /** True when DuckDB can read the file as it is: nothing to leave out, nothing two readers could differ on. */
  readonly plain: boolean;
  /** Of a plain file. */
  readonly newline: '\n' | '\r\n';
  /** True when a record goes over several lines. */
  readonly multiline: boolean;
  /** One a column; right when the file is plain. */
  readonly cells: readonly ColumnCells[];
  readonly witnesses: readonly Witness[];
}

/** More are counted but not kept: an import with so many is wrong about the file. */
const KEPT_REJECTS = 100_000;
const KEPT_RAW_BYTES = 64 * 1024;
const CHUNK_BYTES = 1 << 20;

/**
 * `onRow` gets every record that is a row, the header not among them. Nothing when the file turns out not to be the
 * UTF-8 that its start looked like.
 */
export async function scanCsv(
  { file, bomBytes, damaged, checked }: TextFile,
  { dialect, fields, header, skippedLines }: DetectedDialect,
  place: string,
  signal: AbortSignal,
  onRead: (bytes: number, records: number) => void | Promise<void>,
  onRow?: (record: ScannedRecord) => void,
): Promise<ScanResult | undefined> {
  const rejects: Reject[] = [];
  const witnesses = new Witnesses();
  const comment = dialect.comment?.charCodeAt(0);
  let records = 0;
  let rejectCount = 0;
  let longestBytes = 0;
  let lineEnd: number | undefined;
  let plain = skippedLines === 0 && dialect.newline === '\n' && dialect.escape === dialect.quote;
  let headerPending = header;
  let listed = 0;
  let bytes = bomBytes;

  const look = (record: ScannedRecord): void => {
    const { buffer, start, end, line, returns } = record;
    listed += 1;
    if (line <= skippedLines) return;
    const blank = end === start && fields > 1;
    if (blank || (comment !== undefined && buffer[start] === comment)) {
      plain = false;
      return;
    }
    if (returns !== -1) {
      lineEnd ??= returns;
      if (returns !== lineEnd || returns > 1) plain = false;
    }
    if (record.unusual) plain = false;
    longestBytes = Math.max(longestBytes, end - start);
    if (headerPending) {
      headerPending = false;
      if (record.fields !== fields) plain = false;
      return;
    }
    records += 1;
    const reason = rejectReason(record, fields, damaged);
    if (reason === undefined) {
      const row = records - 1 - rejectCount + record.ordinaryBefore;
      witnesses.offer(row, end - start, () =>
        splitRecord(buffer.toString('utf8', start, end), dialect),
      );
      onRow?.(record);
      return;
    }
    plain = false;
    rejectCount += 1;
    if (rejects.length < KEPT_REJECTS) {
      const raw = buffer.toString('utf8', start, Math.min(end, start + KEPT_RAW_BYTES));
      rejects.push({ line, reason, raw });
    }
  };
  // Where every record is wanted, or its bytes in doubt, none is ordinary.
  const ordinaryFields = onRow || damaged ? 0 : fields;
  const afterLine = skippedLines + (header ? 1 : 0);
  const scanner = new RecordScanner(dialect, place, look, {
    ...{ fields: ordinaryFields, afterLine, rawLines: skippedLines },
  });
  const stream = createReadStream(file, { start: bomBytes, highWaterMark: CHUNK_BYTES, signal });
  const utf8 = checked ? undefined : new Utf8Check();
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    // All of it is read again, as something else.
    if (utf8?.push(chunk) === false) return undefined;
    scanner.push(chunk);
    bytes += chunk.length;
    await onRead(bytes, records + scanner.counted().records);
  }
  if (utf8?.end() === false) return undefined;
  scanner.end();
  const ordinary = scanner.counted();
  return {
    records: records + ordinary.records,
    rejects,
    rejectCount,
    longestBytes: Math.max(longestBytes, ordinary.longestBytes),
    plain,
    newline: lineEnd === 1 ? '\r\n' : '\n',
    multiline: scanner.lines > listed + ordinary.records,
    cells: scanner.cells(),
    witnesses: witnesses.rows,
  };
}

function rejectReason(
  { buffer, start, end, fields, brokenQuote }: ScannedRecord,
  expected: number,
  damaged: boolean,
): string | undefined {
  if (brokenQuote) return 'broken quotes';
  if (fields !== expected) return `${fields} fields, expected ${expected}`;
  if (damaged && !isUtf8(buffer.subarray(start, end))) return 'bytes that are not UTF-8';
  return undefined;
}
