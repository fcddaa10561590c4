/** Tells which unpacked files are tables, and of what format. */
import type { TableFormat } from '../types.js';
import { readHead } from './container.js';
import { notATable } from './not-a-table.js';
import { looksTabular } from './tabular-text.js';

const BY_EXTENSION: Readonly<Record<string, TableFormat>> = {
  csv: 'csv',
  tsv: 'csv',
  tab: 'csv',
  psv: 'csv',
  json: 'json',
  geojson: 'json',
  jsonl: 'ndjson',
  ndjson: 'ndjson',
  parquet: 'parquet',
  pq: 'parquet',
  xlsx: 'xlsx',
  xlsm: 'xlsx',
};

/** Text that may hold a table: its content decides. */
const PERHAPS = new Set(['txt', 'data', 'dat']);

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
  const extension = extensionOf(path);
  return extension in BY_EXTENSION || PERHAPS.has(extension);
}

export type TableKind = { readonly format: TableFormat } | { readonly reason: string };

const HEAD_BYTES = 64 * 1024;

/** The format of a file on disk, or why it is no table. Reads its first 64 KiB at most. */
export async function tableKind(path: string, absolutePath: string): Promise<TableKind> {
  const head = await readHead(absolutePath, HEAD_BYTES);
  if (head.length === 0) return { reason: 'empty' };
  if (head.subarray(0, 4).toString('latin1') === 'PAR1') return { format: 'parquet' };
  const format = BY_EXTENSION[extensionOf(path)];
  if (format !== 'xlsx') {
    const reason = notATable(head, head.length < HEAD_BYTES);
    if (reason !== undefined) return { reason };
  }
  if (format === 'json' || format === 'ndjson') {
    const first = firstCharacter(head);
    if (first === undefined) return { reason: 'empty' };
    if (first !== '[' && first !== '{') return { reason: 'not tabular: JSON without records' };
  }
  if (format !== undefined) return { format };
  return looksTabular(head) ? { format: 'csv' } : { reason: 'not tabular: running text' };
}

/** The first character that is neither a byte order mark nor white space, in UTF-8 or UTF-16. */
function firstCharacter(head: Buffer): string | undefined {
  return head.toString('latin1').replace(/[\0\u00ef\u00bb\u00bf\u00fe\u00ff\s]/g, '')[0];
}
