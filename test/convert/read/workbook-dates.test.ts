/** Excel's day numbers: whole seconds stay whole, and the days before March 1900 are those that Excel shows. */
import { expect, test } from 'vitest';
import { convert } from '../../helpers/convert.js';
import { workbookOf } from '../../helpers/workbook.js';

async function convertDates(serials: readonly string[]) {
  return convertStyled(serials.map((serial) => [serial, 1]));
}

async function convertStyled(cells: ReadonlyArray<readonly [value: string, style: number]>) {
  const source = await workbookOf(cells.map(([value, s]) => `<c s="${s}"><v>${value}</v></c>`));
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

test('a number is no date, whatever its value', async () => {
  const { rows } = await convertStyled([
    ['59', 0],
    ['60', 0],
    ['61', 0],
  ]);
  expect(rows).toEqual([[59], [60], [61]]);
});

test('a time among dates stays a time, as Excel shows it; so does one of a day that is not shown', async () => {
  const { rows } = await convertStyled([
    ['43832', 1],
    ['0.25653935', 2],
    ['39066.77986111114', 2],
    ['1.5', 2],
    ['36.5', 3],
  ]);
  expect(rows).toEqual([
    ['2020-01-02 00:00:00'],
    ['06:09:25'],
    ['2006-12-15 18:43:00'],
    ['36:00:00'],
    ['876:00:00'],
  ]);
});

test('what no calendar has stays the number that the file stores', async () => {
  const { rows } = await convertDates(['-1.2', '2994626', '43832.5']);
  expect(rows).toEqual([['-1.2'], ['2994626'], ['2020-01-02 12:00:00']]);
});
