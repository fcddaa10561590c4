/** The cells of a line of fixed width: for witnesses, independent of what copies the rows. */
import type { FixedColumn } from '../../../../config/dialect.js';

/** One cell a column, without the blanks around it; `null` where there is nothing else. */
export function fixedCells(line: string, columns: readonly FixedColumn[]): Array<string | null> {
  const characters = [...line];
  return columns.map(({ from, to }) => {
    const cell = characters.slice(from - 1, to).join('');
    return cell.replace(/^[ \t]+|[ \t]+$/g, '') || null;
  });
}
