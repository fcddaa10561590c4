/** Tells which unpacked files are tables, and of what format: the content decides, not the name. */
import type { TableFormat } from '../types.js';
import { isArff } from '../read/arff/arff-records.js';
import { isArrowFile, isArrowStream } from '../read/arrow/messages.js';
import { readHeader } from '../read/dbase/header.js';
import { readHead } from './container.js';
import { NoTable } from '../read/binary/damage.js';
import { isAvro } from '../read/avro/container.js';
import { isNumpy, readNumpyHeader } from '../read/numpy/header.js';
import { checkJson, isWithoutRecords, Liberties, mayBeJson } from '../read/json/json-syntax.js';
import { isStata } from '../read/stata/header.js';
import { isTransport } from '../read/sas/transport.js';
import { fixedWidthOf } from '../read/text/fixed-width/suggest.js';
import { csvPin } from '../read/text/pin-text.js';
import { pinForFile } from './pin-for-file.js';
import { textOf } from './in-place-of-data.js';
import { notATable } from './not-a-table.js';
import { isNoTable } from './not-tables.js';
import { unsupportedContent } from './unsupported.js';
import { documentKind } from './office.js';
import { looksTabular } from './tabular-text.js';

/** Text of these names is a table, also where it does not look like one. */
const BY_EXTENSION: Readonly<Record<string, TableFormat>> = {
  ...{ csv: 'csv', tsv: 'csv', tab: 'csv', psv: 'csv' },
  ...{ json: 'json', geojson: 'json', jsonl: 'ndjson', ndjson: 'ndjson' },
};
/** Names of formats that are not text. */
const BINARY = new Set(
  'parquet pq xlsx xlsm xlsb xls ods dbf sqlite sqlite3 db db3 feather arrow'.split(' '),
);

/** Archives that are listed as skipped, because nothing here reads them. */
export const UNREADABLE_ARCHIVE = /\.(7z|rar|bz2|xz|lzma|lz4|br|Z)$/i;

/** In lower case, without the dot; `''` when there is none, or none that belongs in a file name. */
export function extensionOf(path: string): string {
  return /[^/]\.([a-z0-9]{1,8})$/i.exec(withoutCompression(path))?.[1]?.toLowerCase() ?? '';
}

/** `data.csv.gz` -> `data.csv`. */
export function withoutCompression(path: string): string {
  return path.replace(/(?<=.)\.(gz|gzip|zst|zstd)$/i, '');
}

export function mayBeTable(path: string): boolean {
  return !isNoTable(extensionOf(path));
}

export type TableKind =
  | {
      readonly format: TableFormat;
      /** What a person should know, in words. */
      readonly remark?: string;
    }
  | { readonly reason: string };

const HEAD_BYTES = 64 * 1024;
const NO_RECORDS = 'not tabular: JSON without records';
const JSON_START = /^\s*(\[\s*[[{"\d-]|\{\s*["}])/;

/**
 * The format of a file on disk, or why it is no table. Reads its first 64 KiB at most.
 * @param pinned What a person says that it is.
 */
export async function tableKind(
  path: string,
  absolutePath: string,
  pinned?: TableFormat,
): Promise<TableKind> {
  const head = await readHead(absolutePath, HEAD_BYTES);
  if (head.length === 0) return { reason: 'empty' };
  if (pinned !== undefined) return { format: pinned };
  const start = head.subarray(0, 16).toString('latin1');
  if (start.startsWith('PAR1')) return { format: 'parquet' };
  if (start === 'SQLite format 3\0') return { format: 'sqlite' };
  if (readHeader(head)) return { format: 'dbase' };
  if (isStata(head)) return { format: 'stata' };
  if (isTransport(head)) return { format: 'sas_transport' };
  if (isAvro(head)) return { format: 'avro' };
  if (isNumpy(head)) return numpyKind(head);
  const unsupported = unsupportedContent(head);
  if (unsupported !== undefined) return { reason: unsupported };
  const extension = extensionOf(path);
  if (isArrowFile(head) || isArrowStream(head)) {
    return { format: 'arrow', ...misnamed(extension, /^(arrows?|feather|ipc)$/, 'Arrow') };
  }
  if (isArff(head)) return { format: 'arff', ...misnamed(extension, /^arff$/, 'ARFF') };
  const document = await documentKind(head, absolutePath);
  if (document === 'encrypted') return { reason: 'a document with a password: save it without' };
  if (document === 'workbook') {
    return { format: 'workbook', ...misnamed(extension, /^(xls[xmb]?|ods)$/, 'a workbook') };
  }
  const reason = notATable(head, head.length < HEAD_BYTES);
  if (reason !== undefined) return { reason };
  if (head.length < HEAD_BYTES && textOf(head).trim() === '') return { reason: 'empty' };
  const format = BY_EXTENSION[extension];
  const text = head.toString('latin1').replace(/[\0\u00ef\u00bb\u00bf\u00fe\u00ff]/g, '');
  const json = jsonKind(text, head.length < HEAD_BYTES, format);
  if (json) {
    const isMisnamed = format === 'csv' || BINARY.has(extension);
    return { ...json, ...(isMisnamed && misnamed(extension, /^(?!.)/, 'JSON')) };
  }
  if (format === 'csv') return { format };
  const isMisnamed = format !== undefined || BINARY.has(extension);
  if (looksTabular(head))
    return { format: 'csv', ...(isMisnamed && misnamed(extension, /^(?!.)/, 'text')) };
  if (format !== undefined) {
    const isValue = head.length < HEAD_BYTES && isJson(text);
    return {
      reason: isValue ? NO_RECORDS : 'not JSON: it begins with neither a list nor an object',
    };
  }
  const columns = await fixedWidthOf(absolutePath);
  if (columns === undefined) return { reason: 'not tabular: running text' };
  const pin = pinForFile(csvPin(columns), path);
  return { reason: `not tabular: running text, unless its columns are of fixed width: ${pin}` };
}

/** Where nothing says that it is JSON, nothing of its start may be against the grammar. */
function jsonKind(
  text: string,
  complete: boolean,
  named: TableFormat | undefined,
): TableKind | undefined {
  const isNamed = named === 'json' || named === 'ndjson';
  if (!(isNamed ? /^\s*[[{]/ : JSON_START).test(text)) return undefined;
  if (!isNamed) return mayBeJson(text) ? { format: 'json' } : undefined;
  if (complete && isWithoutRecords(text)) return { reason: NO_RECORDS };
  const [first, next] = text.trimStart().split('\n', 2);
  // A list, or an object of many lines, under the name of one a line.
  const isWhole = named === 'ndjson' && next !== undefined && !isJson(first!);
  return { format: isWhole ? 'json' : named };
}

function isJson(line: string): boolean {
  try {
    checkJson(line, new Liberties());
    return true;
  } catch {
    return false;
  }
}

/** Arrays of pictures and of objects are left out; one that is damaged is an error of its table. */
function numpyKind(head: Buffer): TableKind {
  try {
    readNumpyHeader(head);
  } catch (error) {
    if (error instanceof NoTable) return { reason: `not tabular: ${error.message}` };
  }
  return { format: 'numpy' };
}

function misnamed(extension: string, named: RegExp, what: string): { remark?: string } {
  if (extension === '' || named.test(extension)) return {};
  return { remark: `the file is named .${extension}, its content is ${what}: read as what it is` };
}
