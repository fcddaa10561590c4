/** Excel: numbers with their stored digits, dates by their column, booleans, empty cells, one table a sheet. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { convert } from '../../helpers/convert.js';

const CORPUS = join(import.meta.dirname, '..', '..', 'corpus');

function convertSheet(file: string, sheet: string) {
  const bytes = readFileSync(join(CORPUS, file));
  return convert(bytes, {
    format: 'workbook',
    originalPath: `${file}#${sheet}`,
    inside: sheet,
  });
}

test('numbers, booleans, texts and dates are what their cells store', async () => {
  const { description, rows } = await convertSheet('pandas/test_types.xlsx', 'Sheet1');
  expect(description.columns.map(({ name, type }) => [name, type])).toEqual([
    ['IntCol', 'TINYINT'],
    ['FloatCol', 'DOUBLE'],
    ['BoolCol', 'BOOLEAN'],
    ['StrCol', 'TINYINT'],
    ['Str2Col', 'VARCHAR'],
    ['DateCol', 'DATE'],
  ]);
  expect(rows.at(-1)).toEqual([0, 5.0000000000000003e-10, false, 5, 'e', new Date('2015-03-14')]);
  expect(rows).toHaveLength(5);
});

test('times without a day are text, as in any source', async () => {
  const { description, rows } = await convertSheet('pandas/times_1900.xlsx', 'Sheet1');
  expect(description.columns[0]!.type).toBe('VARCHAR');
  expect(rows[0]).toEqual(['01:02:03']);
});

test('midnight among timestamps is a timestamp; a cell beyond the header is a column; empty is NULL', async () => {
  const { description, rows } = await convertSheet('csvkit/sheets.xlsx', 'data');
  const columns = description.columns.map(({ originalName, type }) => [originalName, type]);
  expect(columns).toEqual([
    ['text', 'VARCHAR'],
    ['date', 'DATE'],
    ['integer', 'SMALLINT'],
    ['boolean', 'BOOLEAN'],
    ['float', 'DOUBLE'],
    ['datetime', 'TIMESTAMP'],
    ['empty_column', 'VARCHAR'],
    ['', 'VARCHAR'],
  ]);
  expect(rows[2]!.slice(0, 7)).toEqual([
    ...['Chicago Tribune', new Date('1920-01-01'), 164, false, 41800000.009999998],
    ...[BigInt(Date.parse('1920-01-01T00:00:00Z')) * 1000n, null],
  ]);
  expect(rows[3]).toEqual(['This row has blanks', null, null, null, null, null, null, null]);
});

test('a sheet is found by its name, whatever the letters', async () => {
  expect((await convertSheet('csvkit/sheets.xlsx', 'ʤ')).rows).toEqual([[1, 2, 3]]);
});
