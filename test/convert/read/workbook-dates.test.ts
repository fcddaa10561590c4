/** Excel's day numbers: whole seconds stay whole, and the days before March 1900 are those that Excel shows. */
import { expect, test } from 'vitest';
import { convert } from '../../helpers/convert.js';
import { workbookOf } from '../../helpers/workbook.js';

async function convertDates(serials: readonly string[]) {
  const source = await workbookOf(serials.map((serial) => `<c s="1"><v>${serial}</v></c>`));
  return convert(source, { format: 'workbook', originalPath: 'b.xlsx#S', inside: 'S' });
}

test('a second that is stored a little short of itself is a whole one', async () => {
  // As openpyxl writes 1999-12-31 23:59:59 and 2020-01-02 03:04:05.
  const { rows, result } = await convertDates(['36525.999988425923', '43832.127835648149']);
  expect(rows).toEqual([
    [BigInt(Date.UTC(1999, 11, 31, 23, 59, 59)) * 1000n],
    [BigInt(Date.UTC(2020, 0, 2, 3, 4, 5)) * 1000n],
  ]);
  expect(result.warnings).toEqual([]);
});

test('fractions of a second are read to the millisecond, and the import says so', async () => {
  const { result } = await convertDates(['43832.127837071757', '43832']);
  expect(result.warnings).toEqual(['fractions of a second are read to the millisecond']);
});

test('the days before March 1900 are those that Excel shows', async () => {
  const { rows } = await convertDates(['1', '59', '60', '61']);
  expect(rows).toEqual([['1900-01-01'], ['1900-02-28'], ['1900-02-29'], ['1900-03-01']]);
});
