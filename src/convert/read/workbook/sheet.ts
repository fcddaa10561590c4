/** One sheet of a workbook as rows of text. */
import type { CellObject, Range, WorkSheet } from '@e965/xlsx';
import type { Calendar } from './calendar.js';
import { dateSpelling, readCell } from './cell-text.js';
import type { SheetRow } from './sheet-region.js';

export interface Sheet {
  /** Those that have a cell with a value, in their order. */
  readonly rows: readonly SheetRow[];
  readonly merges: readonly Range[];
  /** What a person should know of its cells, in words. */
  readonly remarks: readonly string[];
}

const KINDS_SHOWN = 3;

/** Codes of errors: [MS-XLS] 2.5.10. */
const ERRORS: Readonly<Record<number, string>> = {
  ...{ 0: '#NULL!', 7: '#DIV/0!', 15: '#VALUE!', 23: '#REF!', 29: '#NAME?', 36: '#NUM!' },
  ...{ 42: '#N/A', 43: '#GETTING_DATA' },
};

/** Uses the sheet up: of a million rows, cells and texts have no room beside each other. */
export function readSheet(sheet: WorkSheet, calendar: Calendar): Sheet {
  /** Of each column, the rows that have one. */
  const dates = new Map<number, number[]>();
  const errors = new Map<string, number>();
  let formulas = 0;
  let hasFractions = false;
  let hasCutTimes = false;
  const rows: Array<{ at: number; cells: Array<string | undefined> }> = [];
  forEachOf(sheet['!data'] ?? [], (line, at, lines) => {
    lines[at] = [];
    const cells: Array<string | undefined> = [];
    forEachOf(line, (cell, column) => {
      if (cell.t === 'e') {
        const kind = ERRORS[Number(cell.v)] ?? '#ERROR';
        errors.set(kind, (errors.get(kind) ?? 0) + 1);
      } else if (cell.t === 'z' && cell.f !== undefined) formulas += 1;
      const reading = readCell(cell, calendar);
      if (!reading) return;
      cells[column] = reading.text;
      hasCutTimes ||= calendar === 'civil' && !reading.isDate && showsFractions(cell);
      if (!reading.isDate) return;
      hasFractions ||= reading.text.includes('.');
      const known = dates.get(column);
      if (known) known.push(rows.length);
      else dates.set(column, [rows.length]);
    });
    if (cells.length > 0) rows.push({ at, cells });
  });
  for (const [column, of] of dates) {
    const spell = dateSpelling(of.map((row) => rows[row]!.cells[column]!));
    for (const row of of) rows[row]!.cells[column] = spell(rows[row]!.cells[column]!);
  }
  const remarks = remarksOf(errors, formulas, hasFractions);
  if (hasCutTimes) remarks.push('fractions of a second in times of OpenDocument are left out');
  return { rows, merges: sheet['!merges'] ?? [], remarks };
}

/** So many places cost nothing, however few of them are taken. */
const FEW_PLACES = 100_000;

/** Passes over the holes: a value in the last row, or in a column that no sheet has, costs one. */
function forEachOf<One>(all: One[], visit: (one: One, at: number, all: One[]) => void): void {
  if (all.length <= FEW_PLACES) all.forEach((one, at) => visit(one, at, all));
  else for (const at of Object.keys(all).map(Number)) if (at >= 0) visit(all[at]!, at, all);
}

/** SheetJS reads whole seconds of them. */
function showsFractions({ t, z }: CellObject): boolean {
  return t === 'n' && typeof z === 'string' && /s\.0/i.test(z);
}

function remarksOf(
  errors: ReadonlyMap<string, number>,
  formulas: number,
  hasFractions: boolean,
): string[] {
  const remarks: string[] = [];
  if (hasFractions) remarks.push('fractions of a second are read to the millisecond');
  if (errors.size > 0) {
    const count = [...errors.values()].reduce((sum, one) => sum + one, 0);
    const kinds = [...errors.keys()].slice(0, KINDS_SHOWN).join(', ');
    remarks.push(`cells with errors are read as missing: ${count} (${kinds})`);
  }
  if (formulas > 0) {
    remarks.push(
      `formulas without a stored result are read as missing: ${formulas}; open and save the workbook in Excel`,
    );
  }
  return remarks;
}
