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
    return sheets.map(({ sheet, data }) => {
      const spelled = spellings(data);
      return {
        name: sheet,
        rows: data.map((row) => row.map((cell, column) => cellText(cell, spelled[column]!))),
      };
    });
  } catch (error) {
    throw new ImportError('FORMAT_UNREADABLE', {
      place,
      expected: 'an Excel workbook (.xlsx)',
      found: error instanceof Error ? error.message : String(error),
      cause: error,
    });
  }
}

type Spelling = 'date' | 'time' | 'timestamp';

/** Day 0 of Excel's calendar: a time of day without a date. */
const NO_DAY = '1899-12-30';

/** One for each column: a timestamp among dates makes timestamps of them all. */
function spellings(rows: ReadonlyArray<readonly unknown[]>): Spelling[] {
  const width = rows.reduce((widest, row) => Math.max(widest, row.length), 0);
  return Array.from({ length: width }, (_, column) => {
    const texts = rows
      .map((row) => row[column])
      .filter((cell) => cell instanceof Date)
      .map(timestampText);
    if (texts.every((text) => text.startsWith(NO_DAY))) return 'time';
    return texts.every((text) => text.endsWith(' 00:00:00')) ? 'date' : 'timestamp';
  });
}

function cellText(value: unknown, spelling: Spelling): string | null {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) {
    const text = timestampText(value);
    if (spelling === 'timestamp') return text;
    return spelling === 'date' ? text.slice(0, NO_DAY.length) : text.slice(NO_DAY.length + 1);
  }
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  return value as string;
}

/** Excel knows no zones. The reader cuts what is finer than a millisecond. */
function timestampText(date: Date): string {
  const text = date.toISOString().slice(0, -1).replace('T', ' ');
  return text.replace(/(?<=\.\d*)0+$/, '').replace(/\.$/, '');
}
