/** The records of one sheet: titles told, the header's names, the rows below it. */
import { ImportError } from '../../../errors/index.js';
import { positionedName } from '../canonical-csv.js';
import type { RecordSource, SourceRecord } from '../record.js';
import { readSheet } from './sheet.js';
import { findRegion, type SheetRegion } from './sheet-region.js';
import { openWorkbook } from './workbook.js';

const SHOWN_CHARACTERS = 80;

/**
 * Rows without a cell between others are rows.
 * @throws FORMAT_UNREADABLE
 */
export function sheetRecords(absolutePath: string, place: string, sheet: string): RecordSource {
  let opened: Promise<{ region: SheetRegion; remarks: readonly string[] }> | undefined;
  return async function* (): AsyncGenerator<SourceRecord> {
    opened ??= open(absolutePath, place, sheet);
    const { region, remarks } = await opened;
    for (const remark of [...remarks, ...remarksOn(region)]) yield { remark };
    yield* recordsOf(region);
  };
}

async function open(absolutePath: string, place: string, name: string) {
  const book = await openWorkbook(absolutePath, place, name);
  const sheet = book.sheet(name);
  const { rows, remarks } = sheet ? readSheet(sheet, book.calendar) : { rows: [], remarks: [] };
  const region = findRegion(rows);
  if (region) return { region, remarks };
  throw new ImportError('FORMAT_UNREADABLE', {
    place,
    expected: `a sheet "${name}" with a row below its header`,
    found: sheet ? 'none' : `the sheets ${book.sheets.join(', ')}`,
  });
}

function* recordsOf({ from, to, header, rows }: SheetRegion): Generator<SourceRecord> {
  const names = Array.from({ length: to - from }, (_, index) =>
    positionedName(header.cells[from + index] ?? '', index),
  );
  const nothing = new Map(names.map((name) => [name, null]));
  let next = header.at + 1;
  for (const { at, cells } of rows) {
    for (; next < at; next += 1) yield { bytes: 0, cells: nothing };
    next = at + 1;
    yield {
      bytes: 0,
      cells: new Map(names.map((name, index) => [name, cells[from + index] ?? null])),
    };
  }
}

function remarksOn({ titles, outside }: SheetRegion): string[] {
  const remarks: string[] = [];
  const [title] = titles;
  if (title) {
    const text = title.cells.find((cell) => cell !== undefined)!.slice(0, SHOWN_CHARACTERS);
    const more = titles.length > 1 ? ` and ${titles.length - 1} rows more` : '';
    remarks.push(
      `above the header, left out as a title: row ${title.at + 1} ${JSON.stringify(text)}${more}`,
    );
  }
  if (outside.cells > 0) {
    remarks.push(
      `far from the table, left out: ${outside.cells} ${outside.cells === 1 ? 'cell' : 'cells'}, first ${outside.first}`,
    );
  }
  return remarks;
}
