/** Cells by the names that spreadsheets give them: `A3:F200`. */
import { utils } from '@e965/xlsx';
import type { SheetRow } from './sheet-region.js';

/** 0-based; `to` is exclusive. */
export interface SheetRange {
  readonly rows: { readonly from: number; readonly to: number };
  readonly columns: { readonly from: number; readonly to: number };
}

/** `A3:F200`; without rows from the first, or to the last. */
export function parseRange(range: string): SheetRange {
  const [, left, top, right, bottom] = /^([A-Z]+)(\d*):([A-Z]+)(\d*)$/.exec(range)!;
  const [a, b] = [utils.decode_col(left!), utils.decode_col(right!)];
  return {
    rows: { from: Number(top || 1) - 1, to: bottom === '' ? Infinity : Number(bottom) },
    columns: { from: Math.min(a, b), to: Math.max(a, b) + 1 },
  };
}

/** The rows that have a cell in the range, and no other cells. */
export function within(all: readonly SheetRow[], { rows, columns }: SheetRange): SheetRow[] {
  return all
    .filter(({ at }) => at >= rows.from && at < rows.to)
    .map(({ at, cells }) => {
      const kept: Array<string | undefined> = [];
      cells.forEach((cell, column) => {
        if (column >= columns.from && column < columns.to) kept[column] = cell;
      });
      return { at, cells: kept };
    })
    .filter(({ cells }) => cells.length > 0);
}

/** `A3:F200`, of 0-based rows and columns, `to` exclusive. */
export function rangeName({ rows, columns }: SheetRange): string {
  return utils.encode_range({
    s: { r: rows.from, c: columns.from },
    e: { r: rows.to - 1, c: columns.to - 1 },
  });
}
