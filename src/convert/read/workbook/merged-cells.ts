/** Ranges of cells that are shown as one: the file stores a value in the first of them. */
import type { Range } from '@e965/xlsx';
import type { SheetRow } from './sheet-region.js';

/** The rows with the value of a merged range in each of its cells that is empty. */
export function fillMerged(rows: readonly SheetRow[], merges: readonly Range[]): SheetRow[] {
  const byRow = new Map(rows.map((row) => [row.at, row.cells]));
  const filled = new Map(rows.map(({ at, cells }) => [at, [...cells]]));
  for (const { s, e } of merges) {
    const value = byRow.get(s.r)?.[s.c];
    if (value === undefined) continue;
    for (let at = s.r; at <= e.r; at += 1) {
      const cells = filled.get(at);
      for (let column = s.c; cells && column <= e.c; column += 1) cells[column] ??= value;
    }
  }
  return rows.map(({ at }) => ({ at, cells: filled.get(at)! }));
}

/** How many rows from `at` on hold names that go over several columns, one row after the other. */
export function spanningRows(
  at: number,
  from: number,
  to: number,
  merges: readonly Range[],
): number {
  let count = 0;
  while (
    merges.some(
      ({ s, e }) => s.r === at + count && e.r === s.r && e.c > s.c && s.c >= from && e.c < to,
    )
  )
    count += 1;
  return count;
}

/** Those that hide cells of the rows: the others are missing values. */
export function mergedWithin(
  rows: readonly SheetRow[],
  from: number,
  to: number,
  merges: readonly Range[],
): Range[] {
  const [first, last] = [rows[0]?.at ?? Infinity, rows.at(-1)?.at ?? -1];
  return merges.filter(({ s, e }) => s.r >= first && s.r <= last && s.c < to && e.c >= from);
}
