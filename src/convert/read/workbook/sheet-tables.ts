/** Which tables a sheet has: itself, or the ranges that a person has pinned in it. */
import type { SheetPins } from '../../../config/sheets.js';
import { matcher } from '../../unpack/file-patterns.js';

export interface SheetTable {
  /** What stands behind `#` in the table's place: `Sales`, or `Sales!A3:F200` where the sheet has several. */
  readonly inside: string;
  readonly sheet: string;
  readonly pins: Omit<SheetPins, 'sheet'>;
}

/** @param path Of the workbook in its dataset. */
export function tablesOfSheet(
  path: string,
  sheet: string,
  pinned: readonly SheetPins[] | undefined,
): SheetTable[] {
  const pins = (pinned ?? []).filter((one) => names(one.sheet, path, sheet));
  const ranges = pins.filter(({ range }) => range !== undefined);
  if (ranges.length < 2)
    return [{ inside: sheet, sheet, pins: Object.assign({}, ...pins) as SheetPins }];
  const common = pins.filter(({ range }) => range === undefined);
  return ranges.map((one) => ({
    inside: `${sheet}!${one.range!}`,
    sheet,
    pins: Object.assign({}, ...common, one) as SheetPins,
  }));
}

/** The sheet of `Sales!A3:F200`; no sheet has a colon in its name. */
export function sheetOf(inside: string): string {
  return inside.replace(/![A-Z]+\d*:[A-Z]+\d*$/, '');
}

/** Names of sheets have characters that patterns give a meaning: the very name comes first. */
function names(pattern: string, path: string, sheet: string): boolean {
  const place = pattern.includes('#') ? `${path}#${sheet}` : sheet;
  const file = path.slice(path.lastIndexOf('/') + 1);
  return pattern === place || pattern === `${file}#${sheet}` || matcher(pattern)(place);
}
