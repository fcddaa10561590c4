/** Text of fixed width: read by pins alone, every character accounted for; pins are suggested where blanks show columns. */
import { expect, test } from 'vitest';
import { configFileSchema } from '../../src/config/datasets.js';
import { parse } from 'yaml';
import { convert } from '../helpers/convert.js';
import { readDataset } from '../helpers/read-dataset.js';

const STATIONS = [
  'ID     Name            Lat    Elev',
  'AB001  São Tomé         0.34     8',
  'AB002  New York City   40.71      ',
  'CD103  "Quito", EC     -0.18  2850',
  'CD104                  51.50    11',
  '',
];
const COLUMNS = [
  { name: 'id', from: 1, to: 6 },
  { name: 'name', from: 8, to: 22 },
  { name: 'lat', from: 23, to: 29 },
  { name: 'elev', from: 30, to: 34 },
];
const PINS = { fixed_width: COLUMNS, skip_lines: 1 };
const ROWS = [
  ['AB001', 'São Tomé', 0.34, 8],
  ['AB002', 'New York City', 40.71, null],
  ['CD103', '"Quito", EC', -0.18, 2850],
  ['CD104', null, 51.5, 11],
];

test('cells are what stands in the columns, without the blanks around it', async () => {
  const text = STATIONS.join('\r\n');
  const { rows, description, result } = await convert(text, { entry: { csv: PINS } });
  expect(
    rows.map((row) => row.map((cell) => (typeof cell === 'bigint' ? Number(cell) : cell))),
  ).toEqual(ROWS);
  expect(description.columns.map(({ type }) => type)).toEqual([
    ...['VARCHAR', 'VARCHAR', 'DOUBLE', 'SMALLINT'],
  ]);
  expect(result.warnings).toEqual([]);
  const ledger = description.byteLedger!;
  expect(ledger).toMatchObject({ title: { records: 1 }, row: { records: 4 } });
});

test('in any encoding, characters are counted and not bytes', async () => {
  const text = Buffer.from(STATIONS.join('\n'), 'latin1');
  const { rows } = await convert(text, { entry: { csv: { ...PINS, encoding: 'latin1' } } });
  expect(rows[0]![1]).toBe('São Tomé');
  const { rows: utf16 } = await convert(Buffer.from(`\uFEFF${STATIONS.join('\n')}`, 'utf16le'), {
    entry: { csv: PINS },
  });
  expect(utf16.map(([id]) => id)).toEqual(['AB001', 'AB002', 'CD103', 'CD104']);
});

test('what stands outside of the columns is told, and so are rows that end too early', async () => {
  const fixed_width = [COLUMNS[0]!, COLUMNS[2]!, COLUMNS[3]!];
  const text = 'AB001  Oslo\nAB002                  1.25    12 late\n';
  const { result } = await convert(text, {
    entry: { csv: { fixed_width } },
  });
  expect(result.rows).toBe(2);
  const told = result.warnings.join('\n');
  expect(told).toContain('2 lines have text there');
  expect(told).toContain('left out: 2 lines, 8 bytes: "Oslo\\nlate\\n"');
  expect(told).toContain('name: outside_7, from: 7, to: 22}');
  expect(told).toMatch(/csv: \{fixed_width: \[.*, ragged: pad\}/);
  const pins = /no part of the table .* to settle it: (.*)$/m.exec(told)![1]!;
  const { csv } = parse(pins) as { csv: object };
  const { result: kept } = await convert(text, { entry: { csv: { ...csv, ragged: 'pad' } } });
  expect(kept.warnings.join()).not.toContain('to settle it');
});

test('a record with bytes that are not of the encoding is a reject, and its neighbours are rows', async () => {
  const text = Buffer.concat([
    Buffer.from('é1 a\né2 b\n'),
    Buffer.from([0xff, 0x31, 0x20, 0x63, 10]),
  ]);
  const fixed_width = [
    { name: 'n', from: 1, to: 2 },
    { name: 'x', from: 4, to: 4 },
  ];
  const csv = { fixed_width, encoding: 'utf-8' };
  const { rows, result } = await convert(text, { entry: { csv, checks: { max_rejects: 1 } } });
  expect(rows).toEqual([
    ['é1', 'a'],
    ['é2', 'b'],
  ]);
  expect(result).toMatchObject({ rejects: 1, sourceRecords: 3 });
});

test('lines at the end, comments and blank lines are no records', async () => {
  const { rows, description } = await convert('# made by me\n1 a\n\n2 b\nThe end\n', {
    entry: {
      csv: {
        fixed_width: [
          { name: 'n', from: 1, to: 1 },
          { name: 'x', from: 3, to: 3 },
        ],
        ...{ comment: '#', skip_footer: 1 },
      },
    },
  });
  expect(rows.map(([, x]) => x)).toEqual(['a', 'b']);
  expect(description.byteLedger).toMatchObject({
    ...{ comment: { records: 1 }, blank: { records: 1 }, footer: { records: 1 } },
  });
});

test('a pinned file is a table, whatever it looks like', async () => {
  const files = { 'stations.txt': { csv: PINS } };
  const { tables, skipped } = await readDataset({ 'stations.txt': STATIONS.join('\n') }, { files });
  expect(skipped).toEqual({});
  expect(tables['stations']!.rows.map(([, name]) => name)).toEqual(ROWS.map(([, name]) => name));
});

test('a file that looks so is left out with the pins that read it', async () => {
  const text = STATIONS.join('\n').replace('\nID', '\n');
  const { tables, skipped } = await readDataset({ 'a.csv': 'a,b\n1,2\n', 'stations.txt': text });
  expect(Object.keys(tables)).toEqual(['a']);
  const pin = /fixed width: (.*)$/.exec(skipped['stations.txt']!)![1]!;
  const { tables: read } = await readDataset({ 'stations.txt': text }, parse(pin) as object);
  const { rows, columns } = read['stations']!;
  expect(columns.map(([name]) => name)).toEqual(['ID', 'Name', 'Lat', 'Elev']);
  expect(rows.map(([id, name]) => [id, name])).toEqual(ROWS.map(([id, name]) => [id, name]));
});

test('records that do not fit tell the pins, which have been tried', async () => {
  const text = STATIONS.join('\n');
  const { nextStep } = (await convert(text).catch((error: unknown) => error)) as never as {
    nextStep: string;
  };
  const pins = parse(/row then\): (.*?)\. Or allow/.exec(nextStep)![1]!) as object;
  const { rows } = await convert(text, { entry: pins });
  expect(rows.map(([id, name]) => [id, name])).toEqual(ROWS.map(([id, name]) => [id, name]));
});

test('so does a file that is read as a column of lines', async () => {
  const lines = Array.from({ length: 20 }, (_, at) => {
    const word = at % 5 === 3 ? '' : `w${at}`;
    return `${String(at + 1).padEnd(5)}${word.padEnd(6)}${String(at * 7).padStart(6)}`;
  });
  const { result } = await convert(`${lines.join('\n')}\n`);
  const told = result.warnings.join('\n');
  expect(told).toContain('it could be 3 columns of fixed width');
  expect(told).toContain('csv: {fixed_width: [{name: column_1, from: 1, to: 2}');
});

test('running text is no table, and nothing is suggested', async () => {
  const { skipped } = await readDataset({
    'a.csv': 'a,b\n1,2\n',
    'poem.txt':
      'Tyger Tyger, burning bright,\nIn the forests of the night;\nWhat immortal hand or eye,\nCould frame thy fearful symmetry?\n',
  });
  expect(skipped['poem.txt']).toBe('not tabular: running text');
});

test('what delimits cells has no place beside fixed_width', () => {
  const found = configFileSchema.safeParse({
    datasets: { a: { kaggle_ref: 'o/s', csv: { fixed_width: COLUMNS, delimiter: ',' } } },
  });
  expect(found.error?.issues[0]).toMatchObject({
    path: ['datasets', 'a', 'csv', 'delimiter'],
    message: 'expected no such key beside fixed_width, which says where each column stands',
  });
});
