/** What the start of a large file says of how DuckDB will be given it, before the rest has been read. */
import { stat } from 'node:fs/promises';
import type { ColumnCells, RelationColumn } from '../../relation.js';
import { plainTextSql } from '../../write/plain-text.js';
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
  readonly sql: string;
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
  if (text.damaged || sample.complete || (await stat(text.file)).size < LARGE_BYTES)
    return undefined;
  // The last record of the sample is cut.
  const start = sample.bytes.subarray(0, sample.bytes.lastIndexOf(10) + 1);
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
      sql: plainTextSql(
        { file: text.file, delimiter, newline, multiline, longestBytes, skippedLines: linesAbove },
        names,
      ),
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

/** Numbers that count the rows are longest in the last ones. */
function withLast(
  cells: readonly ColumnCells[],
  end: Buffer,
  { dialect }: Pick<Plan, 'dialect'>,
): ColumnCells[] {
  const longest = cells.map(({ longestBytes }) => longestBytes);
  // The first of them is cut.
  const lines = end.toString('utf8').split(/\r?\n/).slice(1);
  for (const fields of lines.map((line) => splitRecord(line, dialect))) {
    if (fields.length !== cells.length) continue;
    for (const [at, { text }] of fields.entries())
      longest[at] = Math.max(longest[at]!, Buffer.byteLength(text));
  }
  return cells.map(({ empty }, at) => ({ empty, longestBytes: longest[at]! }));
}
