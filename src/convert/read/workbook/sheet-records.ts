/** Reads one sheet of a workbook: the first row that is not empty names the columns. */
import { ImportError } from '../../../errors/index.js';
import { positionedName } from '../canonical-csv.js';
import { passedOver } from './passed-over.js';
import type { SourceRecord } from '../record.js';
import { readSheets } from './workbook.js';

/** Rows without a cell between others are rows; before the header they are layout. */
export async function* sheetRecords(
  absolutePath: string,
  place: string,
  sheetName: string | undefined,
): AsyncGenerator<SourceRecord> {
  const sheets = await readSheets(absolutePath, place);
  const sheet = sheets.find(({ name }) => name === sheetName);
  if (!sheet) {
    throw new ImportError('FORMAT_UNREADABLE', {
      place,
      expected: `a sheet "${sheetName ?? ''}"`,
      found: sheets.map(({ name }) => name).join(', '),
    });
  }
  if (sheet.hasFractions) yield { remark: 'fractions of a second are read to the millisecond' };
  for (const remark of await passedOver(absolutePath, sheet.name)) yield { remark };
  const headerAt = sheet.rows.findIndex((row) => row.some((cell) => cell !== null));
  const width = sheet.rows.reduce((widest, row) => Math.max(widest, row.length), 0);
  const header = sheet.rows[headerAt] ?? [];
  const names = Array.from({ length: width }, (_, index) =>
    positionedName(header[index] ?? '', index),
  );
  for (const row of sheet.rows.slice(headerAt + 1)) {
    yield { bytes: 0, cells: new Map(names.map((name, index) => [name, row[index] ?? null])) };
  }
}
