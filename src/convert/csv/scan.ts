/** Reads a whole CSV file once: counts its records, sets rejects aside, and tells whether it is plain. */
import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import type { Reject } from '../relation.js';
import type { DetectedDialect } from './detect.js';
import type { TextFile } from './encoding.js';
import { RecordScanner, type ScannedRecord } from './record-scanner.js';

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
}

/** More are counted but not kept: an import with so many is wrong about the file. */
const KEPT_REJECTS = 100_000;
const KEPT_RAW_BYTES = 64 * 1024;
const CHUNK_BYTES = 1 << 20;

/** `onRow` gets every record that is a row, the header not among them. */
export async function scanCsv(
  { file, bomBytes, damaged }: TextFile,
  { dialect, fields, header, skippedLines }: DetectedDialect,
  place: string,
  signal: AbortSignal,
  onRead: (bytes: number, records: number) => void | Promise<void>,
  onRow?: (record: ScannedRecord) => void,
): Promise<ScanResult> {
  const rejects: Reject[] = [];
  const comment = dialect.comment?.charCodeAt(0);
  let records = 0;
  let rejectCount = 0;
  let longestBytes = 0;
  let lineEnd: number | undefined;
  let plain = skippedLines === 0 && dialect.newline === '\n' && dialect.escape === dialect.quote;
  let headerPending = header;
  let seen = 0;
  let bytes = bomBytes;

  const scanner = new RecordScanner(
    dialect,
    place,
    (record) => {
      const { buffer, start, end, line, returns } = record;
      seen += 1;
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
        onRow?.(record);
        return;
      }
      plain = false;
      rejectCount += 1;
      if (rejects.length < KEPT_REJECTS) {
        const raw = buffer.toString('utf8', start, Math.min(end, start + KEPT_RAW_BYTES));
        rejects.push({ line, reason, raw });
      }
    },
    skippedLines,
  );
  const stream = createReadStream(file, { start: bomBytes, highWaterMark: CHUNK_BYTES, signal });
  for await (const chunk of stream) {
    scanner.push(chunk as Buffer);
    bytes += (chunk as Buffer).length;
    await onRead(bytes, records);
  }
  scanner.end();
  const newline = lineEnd === 1 ? '\r\n' : '\n';
  const multiline = scanner.lines > seen;
  return { records, rejects, rejectCount, longestBytes, plain, newline, multiline };
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
