/** ARFF files: declared types, domains, dates, sparse rows, and what is not of its declaration. */
import { expect, test } from 'vitest';
import { readDataset } from '../../helpers/read-dataset.js';

const HEADER = `% What it is about
@RELATION 'some things'
@ATTRIBUTE 'a name' string
@attribute code {007, 'two words', NA}
@attribute flag {0,1}
@attribute size REAL
@attribute seen date "dd.MM.yyyy HH:mm"
@data
`;

test('texts and domains stay texts, numbers and dates are proven', async () => {
  const rows = `'it\\'s', 007, 1, 1.5, '31.01.2020 23:59'
% between rows
"?",'two words',0,?,?
NA,NA,?,-2e-3,"01.02.1969 00:00"
`;
  const { tables } = await readDataset({ 'things.data': HEADER + rows });
  const { columns, rows: read, warnings } = tables['things']!;
  expect(columns).toEqual([
    ['a name', 'VARCHAR'],
    ['code', 'VARCHAR'],
    ['flag', 'TINYINT'],
    ['size', 'DOUBLE'],
    ['seen', 'TIMESTAMP'],
  ]);
  expect(read.map((row) => row.slice(0, 4))).toEqual([
    ["it's", '007', 1, 1.5],
    ['?', 'two words', 0, null],
    ['NA', 'NA', null, -0.002],
  ]);
  expect(warnings.join()).toContain('the file is named .data, its content is ARFF');
});

test('sparse rows: what is left out is zero, and nothing where no zero stands for it', async () => {
  const { tables } = await readDataset({
    'a.arff': `${HEADER}{0 a, 3 5}\n{}\n{2 1, 1 'two words'}, {0.5}\n`,
  });
  expect(tables['a']!.rows.map((row) => row.slice(0, 4))).toEqual([
    ['a', '007', 0, 5],
    [null, '007', 0, 0],
    [null, 'two words', 1, 0],
  ]);
  const told = tables['a']!.warnings.join('\n');
  expect(told).toContain('"a name", declared as string: 2 values are left out');
  expect(told).toContain('weights of 1 rows are left out');
});

test('what is not of its declaration stays as it is, and is told without a value', async () => {
  const { tables } = await readDataset({
    'a.arff': `${HEADER}a,three,0,many,'31.02.2020 00:00'\n`,
  });
  const { rows, warnings } = tables['a']!;
  const other = '1 value is not of that type, and kept as written; the first in line 9';
  expect(rows).toEqual([['a', 'three', 0, 'many', '31.02.2020 00:00']]);
  expect(warnings).toEqual([
    `column "code", declared as nominal (3): ${other}`,
    `column "size", declared as real: ${other}`,
    `column "seen", declared as date "dd.MM.yyyy HH:mm": ${other}`,
  ]);
});

test('a line of other values, or with a quote that does not end, is a reject', async () => {
  const { tables } = await readDataset(
    { 'a.arff': `${HEADER}a,007,0\n'b,007,0,1,?\nc,007,0,1,?\n` },
    { checks: { max_rejects: 2 } },
  );
  expect(tables['a']!.rows).toEqual([['c', '007', 0, 1, null]]);
});

test.each([
  ['@relation a\n@attribute a relational\n@attribute b real\n@end a\n@data\n', 'a table within'],
  ['@relation a\n@attribute a numeric\n1\n', 'not copied to its end'],
  ['@relation a\n@attribute a {b, c\n@data\n', 'without a brace'],
])('%j is refused, with its line', async (content, found) => {
  await expect(readDataset({ 'a.arff': content })).rejects.toMatchObject({
    code: 'FORMAT_UNREADABLE',
    message: expect.stringContaining(found) as string,
  });
});
