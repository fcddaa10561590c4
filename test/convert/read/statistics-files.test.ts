/** Stata and SAS transport files: values, dates, labels, missing values, several tables, damage. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { convert } from '../../helpers/convert.js';
import { readDataset } from '../../helpers/read-dataset.js';

const CORPUS = join(import.meta.dirname, '..', '..', 'corpus', 'formats');
const file = (name: string): Buffer => readFileSync(join(CORPUS, name));

test('a Stata file: texts stay texts, days and moments are those, codes keep their numbers', async () => {
  const { description, rows } = await convert(file('types.dta'), {
    ...{ format: 'stata', originalPath: 'types.dta' },
  });
  expect(description.columns.map(({ name, type }) => [name, type])).toEqual([
    ['id', 'TINYINT'],
    ['code', 'VARCHAR'],
    ['sex', 'TINYINT'],
    ['height', 'DOUBLE'],
    ['whole', 'TINYINT'],
    ['day', 'DATE'],
    ['moment', 'TIMESTAMP'],
    ['month', 'SMALLINT'],
    ['_long', 'VARCHAR'],
  ]);
  expect(rows.map((row) => [row[1], row[2], row[3], row[7]])).toEqual([
    ['007', 1, 1.5, 721],
    ['', 2, null, -1],
    ['é"', 1, 2, 0],
  ]);
  expect(rows[0]![8]).toBe('a'.repeat(3000));
  expect(description.columns[2]).toMatchObject({
    description: 'Sex of the person; 1: male, 2: female',
  });
  expect(description.result.warnings).toEqual(['column "month" counts months from January 1960']);
});

test('an old Stata file, its highest byte first: the encoding is a guess that is told', async () => {
  const { tables } = await readDataset({ 'data.x': file('types-114.dta') });
  const { rows, warnings } = tables['data_x']!;
  expect(rows.map((row) => row.slice(0, 5))).toEqual([
    [1, '007', 1, 1.5, 1],
    [2, '', 2, null, 2],
    [3, 'é', 1, 2, null],
  ]);
  expect(warnings.join('\n')).toContain('the encoding is a guess: windows-1252');
});

test('a SAS transport file, of one table and of two', async () => {
  const { tables } = await readDataset({
    'types.xpt': file('types.xpt'),
    'two.xpt': file('two-tables.xpt'),
  });
  expect(Object.keys(tables).sort()).toEqual(['two__ids', 'two__types', 'types']);
  const { columns, rows } = tables['types']!;
  expect(columns.map(([, type]) => type)).toEqual([
    ...['TINYINT', 'VARCHAR', 'DOUBLE', 'DATE', 'TIMESTAMP'],
  ]);
  expect(rows.map((row) => row.slice(0, 3))).toEqual([
    [1, '007', 1.5],
    [2, null, null],
    [3, 'x y', 0.1],
  ]);
  expect(tables['two__types']!.rows).toEqual(rows);
  expect(tables['two__ids']!.rows).toEqual([[1], [2], [3]]);
});

test.each(['types.dta', 'types-114.dta', 'types.xpt'])(
  '%s is refused when it was not copied to its end',
  async (name) => {
    const whole = file(name);
    const format = name.endsWith('xpt') ? 'sas_transport' : 'stata';
    const cut = convert(whole.subarray(0, whole.length - 81), { format, originalPath: name });
    await expect(cut).rejects.toMatchObject({ code: 'FORMAT_UNREADABLE' });
  },
);
