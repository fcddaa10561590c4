/** Datasets that were read wrongly, or not at all, once: which tables are in them, what these hold, what is told. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { filesBelow, readDataset } from '../helpers/read-dataset.js';

const DATASETS = join(import.meta.dirname, 'datasets');

interface Table {
  readonly names: readonly string[];
  readonly rows: number;
  readonly first?: readonly unknown[];
}

interface Expected {
  readonly tables: Readonly<Record<string, Table>>;
  readonly skipped?: Readonly<Record<string, string>>;
  /** The warnings of all tables, joined. */
  readonly told?: RegExp;
}

const day = (text: string): Date => new Date(`${text}T00:00:00Z`);
const numbered = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `column_${index + 1}`);

const expectations: Readonly<Record<string, Expected>> = {
  'workbooks/cdata.xlsx': {
    tables: { cdata__s: { names: ['name', 'x'], rows: 3, first: ['Smith & Sons', 1] } },
  },
  'workbooks/chartsheet.xlsx': {
    tables: {
      chartsheet__data: { names: ['m', 'v'], rows: 5, first: [0, 0] },
      chartsheet__more: { names: ['k', 'w'], rows: 1, first: ['x', 2] },
      chartsheet__hidden: { names: ['h'], rows: 1, first: [5] },
    },
    skipped: {
      'chartsheet.xlsx#Chart1': 'not tabular: a sheet without cells, such as a chart',
      'chartsheet.xlsx#Empty': 'empty',
    },
  },
  'workbooks/d1904true.xlsx': {
    tables: {
      d1904true__sheet1: {
        names: ['date', 'year', 'data'],
        rows: 3,
        first: [day('1950-05-03'), 1950, 4.5],
      },
    },
  },
  'workbooks/dur.xlsx': {
    tables: { dur__s: { names: ['run', 'pace'], rows: 3, first: ['255:10:10', '04:48:00'] } },
  },
  'workbooks/farvalue.xlsx': {
    tables: { farvalue__s: { names: ['a', 'b'], rows: 2, first: [1, 2] } },
    told: /^far from the table, left out: 1 cell, first XFD1048576$/,
  },
  'workbooks/fmtm.xlsx': {
    tables: {
      fmtm__table_11: { names: ['state', 'amount', 'dm'], rows: 3, first: ['NSW', 38000, 41275] },
    },
  },
  'workbooks/notes.xlsx': {
    tables: { notes__data: { names: ['m', 'v'], rows: 1, first: [1, 2] } },
    skipped: { 'notes.xlsx#Notes': 'not tabular: a sheet without records' },
  },
  'workbooks/title1.xlsx': {
    tables: {
      title1__table_1: {
        names: ['Store', 'Units', 'Date'],
        rows: 5,
        first: ['S0', 0, day('2023-03-15')],
      },
    },
    told: /^the title is: row 1 above the table .*left out: 1 line, 14 bytes: "Sales by store"; to settle it: sheets: /,
  },
  'archives/caseimg.zip': {
    tables: { data: { names: ['a', 'b'], rows: 1, first: [1, 2] } },
    skipped: { 'img/IMG_1.JPG': 'not tabular', 'img/img_1.jpg': 'not tabular' },
  },
  'archives/sjis.zip': {
    tables: {
      table: { names: ['a', 'b'], rows: 1, first: [1, 2] },
      table_2: { names: ['a', 'b'], rows: 1, first: [3, 4] },
    },
    told: /^(the name of the file in its archive is read as shift_jis \(sure\)\n?){2}$/,
  },
  'other/fake': {
    tables: {
      report: { names: ['a', 'b'], rows: 2, first: [1, 2] },
      x: { names: ['a', 'b'], rows: 1, first: [1, 2] },
    },
    told: /named \.xls, its content is text.*\n.*named \.xlsx, its content is text/,
  },
  'other/ml': {
    tables: {
      smsspamcollection: { names: numbered(2), rows: 3, first: ['ham', 'Go until jurong'] },
      ml_100k__u: { names: numbered(4), rows: 3, first: [196, 242, 3, 881250949] },
      ml_100k__u_item: { names: numbered(9), rows: 2 },
      ml_100k__u_user: { names: numbered(5), rows: 2, first: [1, 24, 'M', 'technician', 85711] },
      ml_100k__u1_base: { names: numbered(4), rows: 2, first: [1, 1, 5, 874965758] },
      ml_100k__u1_test: { names: numbered(4), rows: 2, first: [1, 6, 5, 887431973] },
      ml_1m__movies: {
        names: numbered(3),
        rows: 3,
        first: [1, 'Toy Story (1995)', "Animation|Children's|Comedy"],
      },
      ml_1m__ratings: { names: numbered(4), rows: 3, first: [1, 1193, 5, 978300760] },
    },
    told: /./,
  },
  'other/sqlonly': {
    tables: { database__t: { names: ['a', 'b'], rows: 1, first: [1, 'x'] } },
    skipped: { 'README.md': 'not tabular' },
  },
};

test.each(Object.entries(expectations))('%s', async (path, expected) => {
  const read = await readDataset(filesBelow(join(DATASETS, path)));
  const tables = Object.entries(read.tables).map(([name, { columns, rows }]): [string, Table] => [
    name,
    {
      names: columns.map(([column]) => column),
      rows: rows.length,
      ...(expected.tables[name]?.first && { first: rows[0]! }),
    },
  ]);
  expect(Object.fromEntries(tables)).toEqual(expected.tables);
  expect(read.skipped).toEqual(expected.skipped ?? {});
  const told = Object.values(read.tables).flatMap(({ warnings }) => warnings);
  expect(told.join('\n')).toMatch(expected.told ?? /^$/);
});

test('a page and a pointer under the names of tables are told as what they are', async () => {
  await expect(readDataset(filesBelow(join(DATASETS, 'other/fake2')))).rejects.toMatchObject({
    code: 'NO_TABLES',
    context: {
      found: expect.stringMatching(
        /html\.csv \(an HTML page.*lfs\.csv \(a git-lfs pointer/,
      ) as string,
    },
  });
});
