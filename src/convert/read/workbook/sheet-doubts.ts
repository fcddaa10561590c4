/** Doubts that a sheet is one table of records: what it is, the sheet does not say. */
import { utils, type Range } from '@e965/xlsx';
import { decision, type Decision } from '../decision.js';
import { findHeader } from '../text/header.js';
import { totalWord } from './sheet-footer.js';
import { mergedWithin } from './merged-cells.js';
import { rangeName } from './sheet-range.js';
import type { SheetRegion, SheetRow } from './sheet-region.js';

/** In nats. */
const ENOUGH = 1.5;
/** Where empty rows stand everywhere, they say nothing. */
const MOST_GAPS = 10;

/** YAML that settles what is asked of a sheet: one entry of `sheets:` for each. */
export type Pin = (...entries: ReadonlyArray<Readonly<Record<string, unknown>>>) => string;

/** @param rows Those below the header, which are all kept. */
export function* sheetDoubts(
  region: SheetRegion,
  rows: readonly SheetRow[],
  merges: readonly Range[],
  pin: Pin,
): Generator<Decision> {
  yield* aboutTotal(rows, pin);
  yield* aboutMerged(region, rows, merges, pin);
  yield* aboutNeighbour(region, pin);
  yield* aboutTableBelow(region, rows, pin);
}

function* aboutTotal(rows: readonly SheetRow[], pin: Pin): Generator<Decision> {
  const word = totalWord(rows);
  if (word === undefined) return;
  yield decision('guess', {
    about: 'footer',
    chosen: `none: row ${rows.at(-1)!.at + 1} is a row of the table`,
    evidence: `it begins with a word for a sum`,
    alternatives: [{ chosen: 'the last row', rows: [] }],
    pin: pin({ skip_footer: 1 }),
  });
}

function* aboutMerged(
  { from, to }: SheetRegion,
  rows: readonly SheetRow[],
  merges: readonly Range[],
  pin: Pin,
): Generator<Decision> {
  const merged = mergedWithin(rows, from, to, merges);
  if (merged.length === 0) return;
  yield decision('guess', {
    about: 'missing cells',
    chosen: 'of cells that are merged only the first has the value',
    evidence: `${merged.length} merged, first ${utils.encode_range(merged[0]!)}`,
    alternatives: [{ chosen: 'its value in each', rows: [] }],
    pin: pin({ merged: 'fill' }),
  });
}

/** Beside an empty column stands what is no single column of the table that happens to be as long. */
function* aboutNeighbour({ from, to, rows }: SheetRegion, pin: Pin): Generator<Decision> {
  const [header] = rows;
  for (let column = from + 1; column < to - 1; column += 1) {
    if (rows.some(({ cells }) => cells[column] !== undefined)) continue;
    const left = extent(rows, from, column);
    const right = extent(rows, column + 1, to);
    const names = namesOf(header!, from, column);
    const repeated = namesOf(header!, column + 1, to).some((name) => names.includes(name));
    const isWide = column - from > 1 && to - column > 2;
    if (!left || !right || (left.to === right.to && !repeated && !isWide)) continue;
    yield decision('guess', {
      about: 'table',
      chosen: 'one for the whole sheet',
      evidence: `column ${utils.encode_col(column)} is empty, and columns stand on both sides of it`,
      alternatives: [{ chosen: 'two, beside each other', rows: [] }],
      pin: pin(
        { range: rangeName({ rows: left, columns: { from, to: column } }) },
        { range: rangeName({ rows: right, columns: { from: column + 1, to } }) },
      ),
    });
    return;
  }
}

function* aboutTableBelow(
  { from, to, rows: all }: SheetRegion,
  rows: readonly SheetRow[],
  pin: Pin,
): Generator<Decision> {
  const gaps = rows.flatMap(({ at }, index) =>
    index > 0 && at > rows[index - 1]!.at + 1 ? [index] : [],
  );
  if (gaps.length > MOST_GAPS) return;
  const gap = gaps.find((index) => showsHeader(rows.slice(index), from, to));
  if (gap === undefined) return;
  const columns = { from, to };
  yield decision('guess', {
    about: 'table',
    chosen: 'one for the whole sheet',
    evidence: `row ${rows[gap]!.at + 1}, below an empty row, looks like the header of another`,
    alternatives: [{ chosen: 'two, one below the other', rows: [] }],
    pin: pin(
      { range: rangeName({ rows: { from: all[0]!.at, to: rows[gap - 1]!.at + 1 }, columns }) },
      { range: rangeName({ rows: { from: rows[gap]!.at, to: rows.at(-1)!.at + 1 }, columns }) },
    ),
  });
}

function showsHeader(rows: readonly SheetRow[], from: number, to: number): boolean {
  if (rows.length < 2) return false;
  const records = rows.slice(0, 300).map(({ cells }) => ({
    texts: Array.from({ length: to - from }, (_x, column) => cells[from + column] ?? ''),
  }));
  return findHeader(records).score > ENOUGH;
}

function namesOf({ cells }: SheetRow, from: number, to: number): string[] {
  return cells.slice(from, to).filter((cell) => cell !== undefined);
}

function extent(
  rows: readonly SheetRow[],
  from: number,
  to: number,
): { from: number; to: number } | undefined {
  const filled = rows.filter(({ cells }) => namesOf({ at: 0, cells }, from, to).length > 0);
  return filled.length < 2 ? undefined : { from: filled[0]!.at, to: filled.at(-1)!.at + 1 };
}
