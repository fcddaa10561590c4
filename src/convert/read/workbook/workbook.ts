/** Opens workbooks of any kind: xlsx, xlsm, xlsb, xls, ods. */
import { readFile } from 'node:fs/promises';
import { read, set_cptable, type WorkBook, type WorkSheet } from '@e965/xlsx';
import * as codepages from '@e965/xlsx/dist/cpexcel.full.mjs';
import { ImportError } from '../../../errors/index.js';
import { bytesAt } from '../binary/fixed-records.js';
import type { Calendar } from './calendar.js';
import { tameCompoundFile } from './compound-file.js';
import { storedZip, type Part } from './stored-zip.js';

export interface Workbook {
  /** In their order. */
  readonly sheets: readonly string[];
  /** `undefined` for a chart, a dialog or a macro sheet. */
  sheet(name: string): WorkSheet | undefined;
  readonly calendar: Calendar;
}

// Texts of workbooks before Excel 97 are in the code page of their country.
set_cptable(codepages);

/**
 * A workbook is held in memory: a sheet ends at 1,048,576 rows.
 * @param place Names the file in errors.
 * @throws FORMAT_UNREADABLE, and of a .zip what `storedZip` throws
 */
export async function openWorkbook(
  absolutePath: string,
  place: string,
  part: Part = {},
): Promise<Workbook> {
  const isZip = (await bytesAt(absolutePath, 0, 2)).toString('latin1') === 'PK';
  const bytes = isZip ? await storedZip(absolutePath, place, part) : await readFile(absolutePath);
  if (!isZip) tameCompoundFile(bytes, place);
  const book = parse(bytes, place, part);
  return {
    sheets: book.SheetNames,
    calendar: calendarOf(book),
    sheet(name) {
      const found = book.Sheets[name];
      return found?.['!type'] === undefined || found['!type'] === 'sheet' ? found : undefined;
    },
  };
}

function calendarOf({ bookType, Workbook }: WorkBook): Calendar {
  if (Workbook?.WBProps?.date1904) return '1904';
  return bookType === 'ods' ? 'civil' : '1900';
}

function parse(bytes: Buffer, place: string, { only, rows }: Part): WorkBook {
  try {
    return read(bytes, {
      // A value in the last row costs one cell, not a million rows.
      dense: true,
      // Dates as days with their formats, so that neither the zone of this host nor rounding has a say.
      ...{ cellDates: false, UTC: true, cellNF: true, cellText: false, cellHTML: false },
      // Formulas without a result are cells without a value.
      sheetStubs: true,
      ...(only !== undefined && { sheets: only }),
      ...(rows !== undefined && { sheetRows: rows }),
    });
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    throw new ImportError('FORMAT_UNREADABLE', {
      place,
      expected: 'an Excel or OpenDocument workbook',
      found,
      cause: error,
      ...(/password|encrypt/i.test(found) && {
        nextStep: 'Save the workbook without its password.',
      }),
    });
  }
}
