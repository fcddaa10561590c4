/** Reads a text file: decides how, counts every byte, and gives its rows as text that DuckDB cannot misread. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ImportError } from '../../../errors/index.js';
import type { ColumnCells, RelationContext, Witness } from '../../relation.js';
import { filePieces } from '../../file-pieces.js';
import { CanonicalFile } from '../../write/canonical-file.js';
import type { PlainText } from '../../write/plain-text.js';
import { balanceBytes, type ByteLedger } from '../byte-ledger.js';
import type { Decision } from '../decision.js';
import { SourceMeter, Utf8Check } from '../encoding/index.js';
import { RejectSink } from '../reject-sink.js';
import { decideText } from './decide.js';
import { endDecisions } from './end-decisions.js';
import { sampleOf } from './file-sample.js';
import { FixedWidthCopier } from './fixed-width/copier.js';
import { likelyReading } from './likely-reading.js';
import { uniqueNames } from './names.js';
import type { TextPins } from './pins.js';
import type { Plan } from './plan.js';
import { RowCopier } from './row-copier.js';
import { firstOf, isFirstOfTexts, sampleRows } from './sample-rows.js';
import type { Sample } from './sample.js';
import type { TextCounts } from './text-counts.js';
import { openText, type TextFile } from './text-file.js';
import { TextReader } from './text-reader.js';

export interface TextRequest {
  /** Absolute. */
  readonly file: string;
  /** Names the file in errors. */
  readonly place: string;
  /** Absolute, existing: what is made on the way goes there, and whoever made the folder removes it. */
  readonly scratchDirectory: string;
  readonly pins: TextPins;
  /** More rejects are counted, but not kept. */
  readonly maxRejects: number;
  readonly signal: AbortSignal;
  /** Bytes and records read so far. */
  readonly onRead?: (bytes: number, records: number) => void | Promise<void>;
  readonly onLikely?: RelationContext['onLikely'];
  readonly requireColumns?: RelationContext['requireColumns'] | undefined;
}

export interface TextReading {
  readonly columns: ReadonlyArray<{ readonly name: string; readonly originalName: string }>;
  /** The rows: the file itself where it is plain, else rewritten. */
  readonly text: PlainText;
  /** Rows and rejects. */
  readonly sourceRecords: number;
  readonly rejects: RejectSink;
  /** One a column. */
  readonly cells: readonly ColumnCells[];
  readonly witnesses: readonly Witness[];
  /** Up to ten, as `witnesses` are. */
  readonly firstRows: ReadonlyArray<Witness['cells']>;
  readonly decisions: readonly Decision[];
  readonly byteLedger: ByteLedger;
  /** On average. */
  readonly rowBytes: number;
  /** The dialect, and what else was considered: recorded in the catalog. */
  readonly dialect: Readonly<Record<string, unknown>>;
}

const FLUSH_BYTES = 1 << 20;
/** A name with one of these, and nothing below it, is the start of some other file. */
const NO_TEXT = /[^\P{Cc}\s]/u;

/**
 * Needs neither DuckDB nor a server. What the start of the file does not show ends the reading, and it begins again
 * with what is known by then.
 * Throws ENCODING_UNDECODABLE, RECORD_TOO_LONG, FORMAT_UNREADABLE, LEDGER_MISMATCH, and what `requireColumns` throws.
 */
export async function readText(request: TextRequest): Promise<TextReading> {
  const { file, place, pins, scratchDirectory, signal } = request;
  const copy = join(scratchDirectory, 'utf8.txt');
  let look: 'start' | 'whole' = 'start';
  let isCopied = false;
  for (;;) {
    const text = await openText(file, place, copy, pins.encoding, signal, look);
    const sample = await sampleOf(text);
    const plan = decideText(sample, pins);
    if ('found' in plan)
      throw new ImportError('FORMAT_UNREADABLE', {
        place: `${place}:${plan.line}`,
        expected: plan.expected,
        found: plan.found,
      });
    request.requireColumns?.(plan.names.length);
    isCopied ||= text.file === copy;
    if (!isCopied) request.onLikely?.(await likelyReading(text, sample, plan, place));
    let reading = await readAs(request, text, sample, plan, isCopied);
    if (typeof reading === 'string') request.onLikely?.(undefined);
    if (reading === 'not plain') {
      isCopied = true;
      reading = await readAs(request, text, sample, plan, isCopied);
    }
    if (typeof reading !== 'string') return reading;
    look = 'whole';
  }
}

async function readAs(
  request: TextRequest,
  text: TextFile,
  sample: Sample,
  plan: Plan,
  isCopied: boolean,
): Promise<TextReading | 'not UTF-8' | 'not plain'> {
  const { place, scratchDirectory, maxRejects } = request;
  const rejects = new RejectSink(join(scratchDirectory, 'rejects.ndjson'), maxRejects);
  const canonical = isCopied
    ? new CanonicalFile(join(scratchDirectory, 'rows.csv'), plan.names.length)
    : undefined;
  const rows = sampleRows(sample, plan);
  const fixed =
    canonical &&
    plan.dialect.fixedWidth &&
    new FixedWidthCopier(plan.dialect.fixedWidth, canonical);
  const reader = new TextReader({
    ...{ plan, place, rejects, damaged: text.damaged },
    copier: canonical && (fixed ?? new RowCopier(plan.dialect, canonical, plan.names.length)),
    meter: new SourceMeter(text.encoding, text.respelled),
    firstColumnIsText: isFirstOfTexts(rows),
  });
  try {
    const found = await run(request, text, reader, canonical, rejects);
    if (typeof found === 'string') return found;
    refuseNoTable(plan, found, text, place);
    const counts = { ...found, ...fixed?.counts() };
    const reading = await finish(request, text, plan, reader, counts, canonical, rejects);
    return { ...reading, firstRows: firstOf(rows) };
  } finally {
    reader.close();
    await canonical?.close();
    await rejects.close();
  }
}

async function run(
  { signal, onRead }: TextRequest,
  { file, bomBytes, checked }: TextFile,
  reader: TextReader,
  canonical: CanonicalFile | undefined,
  rejects: RejectSink,
): Promise<TextCounts | 'not UTF-8' | 'not plain'> {
  const utf8 = checked ? undefined : new Utf8Check();
  let bytes = bomBytes;
  for await (const chunk of filePieces(file, signal, bomBytes)) {
    if (utf8?.push(chunk) === false) return 'not UTF-8';
    reader.push(chunk);
    if (reader.isNotPlain) return 'not plain';
    bytes += chunk.length;
    await canonical?.flush(FLUSH_BYTES);
    await rejects.flush();
    await onRead?.(bytes, reader.records);
  }
  if (utf8?.end() === false) return 'not UTF-8';
  const counts = reader.end();
  return reader.isNotPlain ? 'not plain' : counts;
}

/** What has been read, as it was planned. Throws LEDGER_MISMATCH when bytes of the file are missing in it. */
export async function finish(
  { file, place, pins }: Pick<TextRequest, 'file' | 'place' | 'pins'>,
  text: TextFile,
  plan: Plan,
  reader: TextReader,
  counts: TextCounts,
  canonical: CanonicalFile | undefined,
  rejects: RejectSink,
): Promise<Omit<TextReading, 'firstRows'>> {
  const { size } = await stat(file);
  if (text.markBytes > 0) counts.bytes.add('byteOrderMark', text.markBytes, 0);
  const byteLedger = counts.bytes.ledger();
  balanceBytes(byteLedger, size, place);
  const { row } = byteLedger;
  const names = uniqueNames(plan.names);
  const { dialect, names: originals } = plan;
  const { longestBytes, newline, multiline, linesAbove } = counts;
  return {
    columns: names.map((name, at) => ({ name, originalName: originals[at]! })),
    text: canonical
      ? {
          ...{ file: canonical.file, delimiter: ',', newline: '\n', skippedLines: 0 },
          ...{ multiline: canonical.multiline, longestBytes: canonical.longestBytes },
        }
      : {
          ...{ file: text.file, delimiter: dialect.delimiter, newline, skippedLines: linesAbove },
          ...{ multiline, longestBytes },
        },
    sourceRecords: counts.records,
    rejects,
    cells: canonical ? canonical.cells() : reader.cells(),
    witnesses: counts.witnesses,
    decisions: [
      text.decision,
      ...plan.decisions,
      ...endDecisions(counts, plan, pins, text.encoding),
    ],
    ...{ byteLedger, rowBytes: row.bytes / Math.max(row.records, 1) },
    dialect: {
      ...dialect,
      ...{ header: plan.headerRecords > 0, skippedLines: plan.above.length },
      ...(plan.aboveText !== '' && { skippedText: plan.aboveText }),
      ...{ encoding: text.encoding, encodingEvidence: text.how },
      // False: the file was rewritten for DuckDB; the cells are the same.
      ...{ readAsIs: !canonical, longestRecordBytes: longestBytes },
      candidates: plan.candidates,
    },
  };
}

function refuseNoTable(
  { names }: Plan,
  { records }: TextCounts,
  { damaged }: TextFile,
  place: string,
): void {
  const refuse = (code: 'FORMAT_UNREADABLE' | 'ENCODING_UNDECODABLE', facts: object): never => {
    throw new ImportError(code, { place, ...facts });
  };
  const isEmpty = records === 0 && names.every((name) => name === '');
  if (isEmpty)
    refuse('FORMAT_UNREADABLE', { expected: 'a header or a record', found: 'an empty file' });
  if (records === 0 && names.some((name) => NO_TEXT.test(name))) {
    const found = 'control characters in the only line';
    refuse('FORMAT_UNREADABLE', { expected: 'a header or a record', found });
  }
  const broken = damaged ? names.find((name) => name.includes('\uFFFD')) : undefined;
  if (broken !== undefined) {
    const found = `the column name ${JSON.stringify(broken)} with bytes that are not`;
    refuse('ENCODING_UNDECODABLE', { expected: 'a header in UTF-8', found });
  }
}
