/** Tells notes below the table of a sheet, and its totals, from records. */
import { isValue } from '../text/cell-shapes.js';
import { opensNote } from '../text/footer.js';
import type { SheetRow } from './sheet-region.js';

const MOST_FOOTER_ROWS = 50;
/** Rows of a column alone have one cell. */
const FEWEST_COLUMNS = 2;
const TOTAL =
  /^[^\p{L}\p{N}]*((grand|sub|overall)[ -]?)?(totals?|sum|summe|gesamt|insgesamt|totaux|totale?s?|suma|итого|всего|合计|总计|合計|総計)[^\p{L}\p{N}]*$/iu;

/** How many of the last rows are notes: one text each, below an empty row or opening as notes do. */
export function footerRows(rows: readonly SheetRow[], columns: number): number {
  if (columns < FEWEST_COLUMNS) return 0;
  let count = 0;
  let found = 0;
  while (count < Math.min(MOST_FOOTER_ROWS, rows.length - 1)) {
    const row = rows[rows.length - 1 - count]!;
    const before = rows[rows.length - 2 - count]!;
    const [text, ...others] = filled(row);
    if (others.length > 0 || isValue(text!)) break;
    count += 1;
    if (row.at > before.at + 1 || opensNote(text!)) found = count;
  }
  return found;
}

/** The word that opens the last row, when it is one for a sum and a number stands behind it. */
export function totalWord(rows: readonly SheetRow[]): string | undefined {
  const last = rows.at(-1);
  if (!last || rows.length < 3) return undefined;
  const texts = filled(last);
  const word = texts.slice(0, 2).find((text) => TOTAL.test(text));
  const isOnly = !rows.slice(0, -1).some((row) =>
    filled(row)
      .slice(0, 2)
      .some((text) => text === word),
  );
  return word !== undefined && isOnly && texts.some(isValue) ? word : undefined;
}

function filled({ cells }: SheetRow): string[] {
  return cells.filter((cell) => cell !== undefined);
}
