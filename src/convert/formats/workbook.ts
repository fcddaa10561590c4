/** Reads the cells of an Excel workbook as text: numbers keep their digits, dates become ISO 8601. */
import readWorkbook from 'read-excel-file/node';
import { ImportError } from '../../errors/index.js';

export interface WorkbookSheet {
  readonly name: string;
  /** All rows, the header included; `null` is an empty cell. */
  readonly rows: ReadonlyArray<ReadonlyArray<string | null>>;
}

/**
 * Every sheet of the workbook, in order. Whole workbooks are held in memory: a sheet ends at 1,048,576 rows.
 * @param place Names the file in errors.
 * @throws FORMAT_UNREADABLE
 */
export async function readSheets(absolutePath: string, place: string): Promise<WorkbookSheet[]> {
  try {
    // Numbers as the file spells them; text with its white space.
    const sheets = await readWorkbook(absolutePath, { trim: false, parseNumber: (text) => text });
    return sheets.map(({ sheet, data }) => ({
      name: sheet,
      rows: data.map((row) => row.map(cellText)),
    }));
  } catch (error) {
    throw new ImportError('FORMAT_UNREADABLE', {
      place,
      expected: 'an Excel workbook (.xlsx)',
      found: error instanceof Error ? error.message : String(error),
      cause: error,
    });
  }
}

function cellText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return dateText(value);
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  return value as string;
}

/** Excel knows no zones: a date without a time of day is a date, anything else a local timestamp. */
function dateText(date: Date): string {
  // Excel counts in days as DOUBLE; its times are off by fractions of a millisecond.
  const text = new Date(Math.round(date.getTime())).toISOString();
  if (text.endsWith('T00:00:00.000Z')) return text.slice(0, 10);
  return text
    .slice(0, -1)
    .replace('T', ' ')
    .replace(/\.000$/, '');
}
