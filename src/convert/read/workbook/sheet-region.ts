/** Finds the table in a sheet: what lies far from it, the titles above it. */
import { utils } from '@e965/xlsx';

/** A row that has cells; `at` counts from 0, holes are empty cells. */
export interface SheetRow {
  readonly at: number;
  readonly cells: ReadonlyArray<string | undefined>;
}

export interface SheetRegion {
  /** Columns of the sheet that belong to the table: from, to (exclusive). */
  readonly from: number;
  readonly to: number;
  readonly titles: readonly SheetRow[];
  /** Below the titles, the header among them: two at least. */
  readonly rows: readonly SheetRow[];
  /** Cells that lie so far from the others that they are none of the table. */
  readonly outside: { readonly cells: number; readonly first: string };
}

/** No table has so many empty rows or columns within it. */
const ROW_GAP = 1000;
const COLUMN_GAP = 100;
/** Below a title the table begins within so many rows. */
const TITLE_ROWS = 20;
/** A header fills this share of the columns; a title does not. */
const HEADER_SHARE = 0.5;

/** `undefined` when there is no row below a header. */
export function findRegion(all: readonly SheetRow[]): SheetRegion | undefined {
  const until = all.findIndex(({ at }, index) => index > 0 && at - all[index - 1]!.at > ROW_GAP);
  const near = until === -1 ? all : all.slice(0, until);
  const columns = usedColumns(near);
  const gap = columns.findIndex((at, index) => index > 0 && at - columns[index - 1]! > COLUMN_GAP);
  const from = columns[0] ?? 0;
  const to = (columns[gap === -1 ? columns.length - 1 : gap - 1] ?? -1) + 1;

  const outside = all.flatMap(({ at, cells }, index) =>
    filledAt(cells)
      .filter((column) => column >= to || index >= near.length)
      .map((column) => utils.encode_cell({ r: at, c: column })),
  );
  const rows = near.filter(({ cells }) => filledAt(cells).some((column) => column < to));
  const begin = findBegin(rows);
  if (rows.length < begin + 2) return undefined;
  return {
    ...{ from, to, titles: rows.slice(0, begin), rows: rows.slice(begin) },
    outside: { cells: outside.length, first: outside[0] ?? '' },
  };
}

/** The first row that fills half of the columns that the rows below the titles fill; a title is one cell or two. */
function findBegin(rows: readonly SheetRow[]): number {
  const counts = rows.slice(0, 2 * TITLE_ROWS).map(({ cells }) => filledAt(cells).length);
  const widest = Math.max(0, ...counts);
  if (widest < 3) return widest === 2 ? aboveTwoColumns(rows, counts) : 0;
  const found = counts.findIndex(
    (count, index) => index < TITLE_ROWS && count >= Math.max(2, HEADER_SHARE * widest),
  );
  return Math.max(found, 0);
}

/** One cell alone could be the one name that a header has: several, a gap or a text of several words are titles. */
function aboveTwoColumns(rows: readonly SheetRow[], counts: readonly number[]): number {
  const begin = counts.indexOf(2);
  if (begin < 1 || begin > TITLE_ROWS) return 0;
  const isApart = rows[begin]!.at > rows[begin - 1]!.at + 1;
  const [text] = rows[0]!.cells.filter((cell) => cell !== undefined);
  return isApart || begin > 1 || /\S\s+\S+\s+\S/.test(text!) ? begin : 0;
}

function usedColumns(rows: readonly SheetRow[]): number[] {
  const used = new Set<number>();
  for (const { cells } of rows) for (const column of filledAt(cells)) used.add(column);
  return [...used].sort((a, b) => a - b);
}

/** Never walks through the holes of a row whose one cell is its last. */
function filledAt(cells: SheetRow['cells']): number[] {
  const filled: number[] = [];
  cells.forEach((cell, column) => {
    if (cell !== undefined) filled.push(column);
  });
  return filled;
}
