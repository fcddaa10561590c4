/** Writes the records of a format as the one form of text that DuckDB is given. */
import { ImportError } from '../../errors/index.js';
import type { ColumnCells, RelationContext, Witness } from '../relation.js';
import { KeptRows } from './kept-rows.js';
import type { RejectSink } from './reject-sink.js';
import { CanonicalFile } from '../write/canonical-file.js';
import type { PlainText } from '../write/plain-text.js';
import type { RecordReader, RecordSource } from './record.js';

export interface CanonicalTable {
  readonly text: PlainText;
  /** Original names, in the order of their first appearance; sheets may repeat and leave out names. */
  readonly columns: readonly string[];
  /** Source records, rejects included. */
  readonly records: number;
  readonly cells: readonly ColumnCells[];
  /** Of a record, on average. */
  readonly rowBytes: number;
  readonly witnesses: readonly Witness[];
  /** The source's remarks. */
  readonly warnings: readonly string[];
}

const FLUSH_BYTES = 1 << 20;
const CHECK_RECORDS = 1000;
/** So many names are not told apart from values, where records hold so small a share of them. */
const MANY_NAMES = 2000;
const SMALL_SHARE = 0.005;

type CanonicalContext = Pick<RelationContext, 'table' | 'signal' | 'onRead' | 'requireColumns'>;

/**
 * Two readings where the source does not name its columns: they can appear in the last record.
 * Throws FORMAT_UNREADABLE when nearly every record has names of its own: the table would grow with their square;
 * and what `requireColumns` throws.
 */
export async function writeCanonicalCsv(
  { source, columns: named }: Pick<RecordReader, 'source' | 'columns'>,
  csvFile: string,
  rejects: RejectSink,
  { table, signal, onRead, requireColumns }: CanonicalContext,
): Promise<CanonicalTable> {
  const columns = named ?? (await findColumns(source, table.originalPath, signal));
  requireColumns?.(columns.length);
  const warnings: string[] = [];
  const out = new CanonicalFile(csvFile, columns.length);
  const kept = new KeptRows();
  let bytes = 0;
  let written = 0;
  try {
    for await (const record of source()) {
      if ('remark' in record) {
        warnings.push(record.remark);
        continue;
      }
      bytes += record.bytes;
      written += 1;
      if ('reject' in record) rejects.add(record.reject);
      else {
        const cells = columns.map((name) => record.cells.get(name) ?? null);
        kept.offer(out.rows, record.bytes, () => cells);
        for (const cell of cells) out.text(cell);
        out.endRow();
      }
      await out.flush(FLUSH_BYTES);
      if (written % CHECK_RECORDS !== 0) continue;
      signal.throwIfAborted();
      await rejects.flush();
      onRead(bytes, written);
    }
  } finally {
    await out.close();
    await rejects.close();
  }
  onRead(bytes, written);
  const { multiline, longestBytes } = out;
  return {
    text: {
      ...{ file: csvFile, delimiter: ',', newline: '\n', skippedLines: 0, multiline, longestBytes },
    },
    ...{ columns: columns.map(columnName), records: written, warnings },
    ...{ cells: out.cells(), rowBytes: bytes / Math.max(written, 1), witnesses: kept.rows },
  };
}

async function findColumns(
  source: RecordSource,
  place: string,
  signal: AbortSignal,
): Promise<string[]> {
  const names = new Set<string>();
  let records = 0;
  let found = 0;
  for await (const record of source()) {
    if ('remark' in record) continue;
    if (records++ % CHECK_RECORDS === 0) signal.throwIfAborted();
    if (!('cells' in record)) continue;
    for (const name of record.cells.keys()) names.add(name);
    found += record.cells.size;
    if (names.size > MANY_NAMES && found < SMALL_SHARE * names.size * records) {
      throw new ImportError('FORMAT_UNREADABLE', {
        place,
        expected: 'records that share their names',
        found: `${names.size} names in ${records} records of ${Math.ceil(found / records)} each`,
        nextStep:
          'Names that are values belong in a column of their own: reshape the file, or leave it out with `files: {exclude: [...]}`.',
      });
    }
  }
  return [...names];
}

/** Keeps columns of one name apart: sheets may repeat a header. */
export function positionedName(name: string, position: number): string {
  return `${name}\0${position}`;
}

function columnName(name: string): string {
  const at = name.lastIndexOf('\0');
  return at !== -1 && /^\d+$/.test(name.slice(at + 1)) ? name.slice(0, at) : name;
}
