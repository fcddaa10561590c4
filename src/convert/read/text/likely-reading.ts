/** What the start of a large file says of how DuckDB will be given it, before the rest has been read. */
import { stat } from 'node:fs/promises';
import type { ColumnCells, RelationColumn } from '../../relation.js';
import type { PlainText } from '../../write/plain-text.js';
import { SourceMeter } from '../encoding/index.js';
import { RejectSink } from '../reject-sink.js';
import { splitRecord } from './fields.js';
import { uniqueNames } from './names.js';
import type { Plan } from './plan.js';
import type { Sample } from './sample.js';
import type { TextFile } from './text-file.js';
import { TextReader } from './text-reader.js';

/** A guess: only the whole reading says that it was right. */
export interface LikelyReading {
  readonly text: PlainText;
  readonly columns: readonly RelationColumn[];
  readonly cells: readonly ColumnCells[];
  /** On average. */
  readonly rowBytes: number;
}

/** Below, there is nothing to gain. */
export const LARGE_BYTES = 8e6;

/** Nothing of a file that is small, or that will have to be rewritten. */
export async function likelyReading(
  text: TextFile,
  sample: Sample,
  plan: Plan,
  place: string,
): Promise<LikelyReading | undefined> {
  if (sample.complete || (await stat(text.file)).size < LARGE_BYTES) return undefined;
  return readingOfStart(text, sample, plan, place);
}

/** @param sample - `bytes` may be more of the file than it was planned by */
export function readingOfStart(
  text: TextFile,
  sample: Pick<Sample, 'bytes' | 'end'>,
  plan: Plan,
  place: string,
): LikelyReading | undefined {
  if (text.damaged) return undefined;
  const start = wholeRecords(sample.bytes);
  const rejects = new RejectSink('', 0);
  const reader = new TextReader({
    ...{ plan, place, rejects, damaged: false, firstColumnIsText: false },
    meter: new SourceMeter(text.encoding, text.respelled),
  });
  try {
    reader.push(start);
    const { bytes, newline, multiline, longestBytes, linesAbove, rows } = reader.end();
    if (reader.isNotPlain || rows === 0) return undefined;
    const names = uniqueNames(plan.names);
    const { delimiter } = plan.dialect;
    return {
      text: {
        ...{ file: text.file, delimiter, newline, skippedLines: linesAbove },
        ...{ multiline, longestBytes },
      },
      columns: names.map((name, at) => ({
        ...{ name, originalName: plan.names[at]!, originalType: 'text' },
      })),
      rowBytes: bytes.ledger().row.bytes / rows,
      cells: withLast(reader.cells(), sample.end, plan),
    };
  } finally {
    reader.close();
  }
}

/** Without the last record, which is cut: of plain text, there is an even number of quotes before the end of each. */
export function wholeRecords(bytes: Buffer): Buffer {
  let quotes = 0;
  for (let at = bytes.indexOf(34); at !== -1; at = bytes.indexOf(34, at + 1)) quotes += 1;
  let end = bytes.length;
  for (;;) {
    const feed = bytes.lastIndexOf(10, end - 1);
    if (feed === -1) return bytes.subarray(0, 0);
    for (let at = feed; at < end; at += 1) if (bytes[at] === 34) quotes -= 1;
    end = feed;
    if (quotes % 2 === 0) return bytes.subarray(0, end + 1);
  }
}

/** Numbers that count the rows are longest in the last ones. */
function withLast(
  cells: readonly ColumnCells[],
  end: Buffer,
  { dialect }: Pick<Plan, 'dialect'>,
): ColumnCells[] {
  const longest = cells.map(({ longestBytes }) => longestBytes);
  for (const texts of lastRows(end, dialect, cells.length)) {
    for (const [at, text] of texts.entries())
      longest[at] = Math.max(longest[at]!, Buffer.byteLength(text));
  }
  return cells.map(({ empty }, at) => ({ empty, longestBytes: longest[at]! }));
}

/** Of lines that have as many cells, from the middle of a line on. */
export function lastRows(
  end: Buffer,
  dialect: Plan['dialect'],
  columns: number,
): ReadonlyArray<readonly string[]> {
  // The first of them is cut.
  const lines = end.toString('utf8').split(/\r?\n/).slice(1);
  return lines
    .map((line) => splitRecord(line, dialect).map(({ text }) => text))
    .filter((texts) => texts.length === columns);
}
