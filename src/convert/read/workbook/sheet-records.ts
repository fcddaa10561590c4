/** The records of one table of a workbook: what its layout keeps, and what a person should know of it. */
import { utils } from '@e965/xlsx';
import { ImportError } from '../../../errors/index.js';
import type { SheetPins } from '../../../config/sheets.js';
import { positionedName } from '../canonical-csv.js';
import type { RecordReader, SourceRecord } from '../record.js';
import { sheetsPin } from '../text/pin-text.js';
import { readSheet } from './sheet.js';
import { layOut, type SheetLayout } from './sheet-layout.js';
import { parseRange, within } from './sheet-range.js';
import { findRegion, type SheetRegion } from './sheet-region.js';
import { sheetOf, tablesOfSheet } from './sheet-tables.js';
import { openWorkbook } from './workbook.js';

/**
 * Rows without a cell between others are rows.
 * @param path Of the workbook in its dataset.
 * @param inside A sheet, or a range in it: `Sales!A3:F200`.
 * @throws FORMAT_UNREADABLE
 */
export async function sheetRecords(
  absolutePath: string,
  path: string,
  inside: string,
  pinned: readonly SheetPins[] | undefined,
): Promise<RecordReader> {
  const name = sheetOf(inside);
  const book = await openWorkbook(absolutePath, path, { only: name });
  const sheet = book.sheet(name);
  const table = tablesOfSheet(path, name, pinned).find((one) => one.inside === inside);
  const { rows, merges, remarks } = sheet
    ? readSheet(sheet, book.calendar)
    : { rows: [], merges: [], remarks: [] };
  const range = table?.pins.range;
  const region =
    range === undefined ? findRegion(rows) : regionOf(within(rows, parseRange(range)), range);
  if (!table || !region) {
    throw new ImportError('FORMAT_UNREADABLE', {
      place: `${path}#${inside}`,
      expected: `a sheet "${inside}" with a row below its header`,
      found: sheet ? 'none' : `the sheets ${book.sheets.join(', ')}`,
    });
  }
  const file = path.slice(path.lastIndexOf('/') + 1);
  const pin = (...entries: ReadonlyArray<Readonly<Record<string, unknown>>>): string =>
    sheetsPin(`${file}#${name}`, ...entries);
  const layout = layOut(region, merges, table.pins, pin);
  return {
    // eslint-disable-next-line @typescript-eslint/require-await -- what others read, they wait for
    source: async function* () {
      for (const remark of [...remarks, ...remarksOn(region)]) yield { remark };
      yield* recordsOf(region, layout);
    },
    cellName: (record, column) =>
      `${name}!${utils.encode_cell({ r: firstRow(region, layout) + record - 1, c: region.from + column })}`,
    decisions: layout.decisions,
    dialect: { sheet: name, ...(range !== undefined && { range }), headerRows: layout.headerRows },
  };
}

/** Of a range that a person has pinned, all is the table. */
function regionOf(rows: SheetRegion['rows'], range: string): SheetRegion | undefined {
  const { from, to } = parseRange(range).columns;
  return rows.length < 2
    ? undefined
    : { from, to, titles: [], rows, outside: { cells: 0, first: '' } };
}

/** Of the records, counted from 0: each row of the sheet behind it is one, up to the last. */
function firstRow({ rows }: SheetRegion, { headerRows }: SheetLayout): number {
  return headerRows === 0 ? rows[0]!.at : rows[headerRows - 1]!.at + 1;
}

function* recordsOf(region: SheetRegion, layout: SheetLayout): Generator<SourceRecord> {
  const { from } = region;
  const { names, rows } = layout;
  const keys = names.map(positionedName);
  const nothing = new Map(keys.map((name) => [name, null]));
  let next = firstRow(region, layout);
  for (const { at, cells } of rows) {
    for (; next < at; next += 1) yield { bytes: 0, cells: nothing };
    next = at + 1;
    yield {
      bytes: 0,
      cells: new Map(keys.map((name, index) => [name, cells[from + index] ?? null])),
    };
  }
}

function remarksOn({ outside }: SheetRegion): string[] {
  if (outside.cells === 0) return [];
  const cells = `${outside.cells} ${outside.cells === 1 ? 'cell' : 'cells'}`;
  return [`far from the table, left out: ${cells}, first ${outside.first}`];
}
