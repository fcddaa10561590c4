/** Writes records as CSV in the one dialect that leaves nothing to guess. */
import { open } from 'node:fs/promises';
import type { RecordSource, RejectedRecord } from './record.js';

/**
 * UTF-8, no header, every text quoted, NULL the unquoted token `\N`: an empty text, a text `\N`
 * and a missing value all differ, and no record is a blank line. Read it with `allow_quoted_nulls=false`.
 */
export const CANONICAL_DIALECT = {
  delimiter: ',',
  quote: '"',
  escape: '"',
  newline: '\n',
  header: false,
  nullToken: '\\N',
} as const;

export interface CanonicalTable {
  /** Absolute. */
  readonly csvFile: string;
  /** Original names, in the order of their first appearance; sheets may repeat and leave out names. */
  readonly columns: readonly string[];
  /** Source records, rejects included. */
  readonly records: number;
  readonly rejects: readonly RejectedRecord[];
  /** The source's remarks. */
  readonly warnings: readonly string[];
  /** Characters of the longest record: a bound for `max_line_size`, in bytes. */
  readonly longestRecordBytes: number;
}

const FLUSH_CHARACTERS = 1 << 20;
const ABORT_CHECK_RECORDS = 1000;

/** Two readings: columns can appear in the last record. */
export async function writeCanonicalCsv(
  source: RecordSource,
  csvFile: string,
  signal: AbortSignal,
  onProgress?: (progress: { bytes: number; records: number }) => void,
): Promise<CanonicalTable> {
  const names = new Set<string>();
  let records = 0;
  const warnings: string[] = [];
  for await (const record of source()) {
    if ('remark' in record) {
      warnings.push(record.remark);
      continue;
    }
    if (records++ % ABORT_CHECK_RECORDS === 0) signal.throwIfAborted();
    if ('cells' in record) for (const name of record.cells.keys()) names.add(name);
  }
  const columns = [...names];
  const rejects: RejectedRecord[] = [];
  let bytes = 0;
  let written = 0;
  let longestRecordBytes = 0;
  let pending = '';
  const file = await open(csvFile, 'w');
  try {
    for await (const record of source()) {
      if ('remark' in record) continue;
      bytes += record.bytes;
      written++;
      if ('reject' in record) rejects.push(record.reject);
      else {
        const line = columns.map((name) => cell(record.cells.get(name))).join(',');
        longestRecordBytes = Math.max(longestRecordBytes, Buffer.byteLength(line) + 1);
        pending += `${line}\n`;
      }
      if (written % ABORT_CHECK_RECORDS === 0) {
        signal.throwIfAborted();
        onProgress?.({ bytes, records: written });
      }
      if (pending.length > FLUSH_CHARACTERS) {
        await file.writeFile(pending);
        pending = '';
      }
    }
    await file.writeFile(pending);
  } finally {
    await file.close();
  }
  onProgress?.({ bytes, records: written });
  return {
    ...{ csvFile, columns: columns.map(columnName), records, rejects, warnings },
    longestRecordBytes,
  };
}

function cell(value: string | null | undefined): string {
  return value === null || value === undefined
    ? CANONICAL_DIALECT.nullToken
    : `"${value.replaceAll('"', '""')}"`;
}

/** Keeps columns of one name apart: sheets may repeat a header. */
export function positionedName(name: string, position: number): string {
  return `${name}\0${position}`;
}

function columnName(name: string): string {
  const at = name.lastIndexOf('\0');
  return at !== -1 && /^\d+$/.test(name.slice(at + 1)) ? name.slice(0, at) : name;
}
