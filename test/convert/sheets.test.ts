/** What stands in a sheet beside its table: titles, several header rows, notes, totals, other tables; and the pins that settle it. */
import { utils, write, type Range, type WorkBook } from '@e965/xlsx';
import { expect, test } from 'vitest';
import { readDataset } from '../helpers/read-dataset.js';

type Cells = ReadonlyArray<ReadonlyArray<string | number | null>>;

async function read(cells: Cells, merges: readonly string[] = [], sheets?: readonly object[]) {
  const sheet = utils.aoa_to_sheet(cells as unknown[][]);
  sheet['!merges'] = merges.map((range): Range => utils.decode_range(range));
  const book: WorkBook = { SheetNames: ['S'], Sheets: { S: sheet } };
  const content = write(book, { type: 'buffer', bookType: 'xlsx' }) as Buffer;
  const { tables } = await readDataset({ 'b.xlsx': content }, sheets && { sheets });
  return Object.fromEntries(
    Object.entries(tables).map(([name, { columns, rows, warnings }]) => [
      name,
      { names: columns.map(([column]) => column), rows, warnings },
    ]),
  );
}

const BODY: Cells = [
  ['a', 10, 2.5],
  ['b', 20, 3.5],
  ['c', 30, 4.5],
];

test('names in merged cells stand over others: both name the columns', async () => {
  const head: Cells = [
    ['Store', '2020', null],
    [null, 'Units', 'Price'],
  ];
  const { b__s } = await read([...head, ...BODY], ['A1:A2', 'B1:C1']);
  expect(b__s).toEqual({ names: ['Store', '2020 Units', '2020 Price'], rows: BODY, warnings: [] });
});

test('a first row like the others is a row', async () => {
  const { b__s } = await read(BODY);
  expect(b__s!.rows).toEqual(BODY);
  expect(b__s!.names).toEqual(['column_1', 'column_2', 'column_3']);
});

test('notes below are left out and told, a sum is kept and told', async () => {
  const head = ['Store', 'Units', 'Price'];
  const noted = await read([head, ...BODY, [], ['Figures are rounded.'], ['* preliminary']]);
  expect(noted.b__s!.rows).toEqual(BODY);
  expect(noted.b__s!.warnings).toEqual([
    'the footer is: 2 rows below the table (one text each, as notes are); left out: 2 lines, 34 bytes: ' +
      '"Figures are rounded.\\n* preliminary"; to settle it: sheets: [{sheet: "b.xlsx#S", skip_footer: 2}]',
  ]);
  const summed = await read([head, ...BODY, ['Total', 60, null]]);
  expect(summed.b__s!.rows).toEqual([...BODY, ['Total', 60, null]]);
  expect(summed.b__s!.warnings.join()).toMatch(
    /^the footer is a guess: none: row 5 .*skip_footer: 1}]$/,
  );
});

test('cells merged below the header have one value; by pin each has it', async () => {
  const cells: Cells = [
    ['Store', 'Units'],
    ['a', 10],
    [null, 20],
    ['c', 30],
  ];
  const { b__s } = await read(cells, ['A2:A3']);
  expect(b__s!.rows).toEqual([
    ['a', 10],
    [null, 20],
    ['c', 30],
  ]);
  expect(b__s!.warnings.join()).toMatch(/1 merged, first A2:A3.*merged: fill}]$/);
  const filled = await read(cells, ['A2:A3'], [{ sheet: 'S', merged: 'fill' }]);
  expect(filled.b__s).toEqual({
    names: ['Store', 'Units'],
    rows: [
      ['a', 10],
      ['a', 20],
      ['c', 30],
    ],
    warnings: [],
  });
});

test('tables beside each other are told, and the pins that are told part them', async () => {
  const cells: Cells = [
    ['Store', 'Units', null, 'code', 'meaning'],
    ['a', 10, null, 'x', 'opened'],
    ['b', 20, null, 'y', 'closed'],
    ['c', 30],
  ];
  const { b__s } = await read(cells);
  expect(b__s!.warnings.join()).toContain(
    'sheets: [{sheet: "b.xlsx#S", range: "A1:B4"}, {sheet: "b.xlsx#S", range: "D1:E3"}]',
  );
  const parted = await read(
    cells,
    [],
    [
      { sheet: 'b.xlsx#S', range: 'A1:B4' },
      { sheet: 'b.xlsx#S', range: 'D1:E3', names: ['key', 'word'] },
    ],
  );
  expect(parted).toEqual({
    b__s_a1_b4: {
      names: ['Store', 'Units'],
      rows: [
        ['a', 10],
        ['b', 20],
        ['c', 30],
      ],
      warnings: [],
    },
    b__s_d1_e3: {
      names: ['key', 'word'],
      rows: [
        ['x', 'opened'],
        ['y', 'closed'],
      ],
      warnings: [],
    },
  });
});

test('a table below another is told', async () => {
  const { b__s } = await read([
    ['Store', 'Units'],
    ['a', 10],
    ['b', 20],
    [],
    ['City', 'Rain'],
    ['x', 1],
    ['y', 2],
  ]);
  expect(b__s!.warnings.join()).toContain(
    '{sheet: "b.xlsx#S", range: "A1:B3"}, {sheet: "b.xlsx#S", range: "A5:B7"}',
  );
});

test('a range is the table that it says, whatever stands around it', async () => {
  const cells: Cells = [
    ['Report of 2020'],
    ['Store', 'Units'],
    ['unit', 'pieces'],
    ['a', 10],
    ['b', 20],
    ['sum', 30],
  ];
  const pins = { sheet: 'S', range: 'a2:b', header_rows: 2, skip_footer: 1 };
  const { b__s } = await read(cells, [], [pins]);
  expect(b__s).toEqual({
    names: ['Store unit', 'Units pieces'],
    rows: [
      ['a', 10],
      ['b', 20],
    ],
    warnings: [],
  });
});

test('a cell that goes against a pinned type is named as in Excel, below a title and behind empty rows and columns', async () => {
  const rows = [
    ['Sales of the year, all of them'],
    [],
    [null, 'day', 'place', 'amount'],
    [null, 'Mon', 'here', 1],
    [],
    [null, 'Tue', 'there', 'many'],
  ];
  const book = utils.book_new(utils.aoa_to_sheet(rows), 'Sales');
  const content = write(book, { type: 'buffer', bookType: 'xlsx' }) as Buffer;
  await expect(
    readDataset({ 'b.xlsx': content }, { columns: { amount: 'BIGINT' } }),
  ).rejects.toMatchObject({
    code: 'PINNED_TYPE_MISMATCH',
    message: expect.stringMatching(
      /b\.xlsx#Sales, column amount, row 3, Sales!D6: .*"many"/,
    ) as string,
  });
});
