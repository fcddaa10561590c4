/** Reads the cells of an Excel workbook as text: numbers keep their digits, dates become ISO 8601. */
import readWorkbook from 'read-excel-file/node';
import { ImportError } from '../../../errors/index.js';

export interface WorkbookSheet {
  readonly name: string;
  /** All rows, the header included; `null` is an empty cell. */
  readonly rows: ReadonlyArray<ReadonlyArray<string | null>>;
  /** True when a date has a fraction of a second: the reader may have cut some of it off. */
  readonly hasFractions: boolean;
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
        hasFractions: data.some((row) => row.some(hasFraction)),
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

/** Excel's 1900 has a 29 February: the reader, whose year has none, is a day behind before March. */
const FIRST_DAY = Date.UTC(1899, 11, 31);
const FIRST_OF_MARCH = Date.UTC(1900, 2, 1);
const DAY_MS = 86_400_000;

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

/** Excel knows no zones. */
function timestampText(date: Date): string {
  const time = wholeSecond(date.getTime());
  const inLostDays = time >= FIRST_DAY && time < FIRST_OF_MARCH;
  const text = new Date(time + (inLostDays ? DAY_MS : 0))
    .toISOString()
    .slice(0, -1)
    .replace('T', ' ');
  const spelled = inLostDays ? text.replace('1900-03-01', '1900-02-29') : text;
  return spelled.replace(/(?<=\.\d*)0+$/, '').replace(/\.$/, '');
}

/** The reader cuts off at the millisecond, and a stored second may be a little less than one. */
function wholeSecond(time: number): number {
  return (time + 1) % 1000 === 0 ? time + 1 : time;
}

function hasFraction(cell: unknown): boolean {
  return cell instanceof Date && wholeSecond(cell.getTime()) % 1000 !== 0;
}
