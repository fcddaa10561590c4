/** JSON whose records stand in lists, columns, dictionaries and wrappers: what becomes a row, where its names are, what is told. */
import { expect, test } from 'vitest';
import { readDataset } from '../../helpers/read-dataset.js';

const KEY = 'an object of objects alike: a row each, its name in the column "key"';
const DICTIONARY = 'an object of many values: a row each, its name in the column "key"';
const FIRST_ROW = 'the first list is read as the names of the columns: numbers stand below them';
const DESCRIBED = 'columns are described by objects: their names are read, the rest is left out';
const COLUMNS = 'an object of columns: the names within them are in the column "index"';
const MANY_LISTS = 'lists of objects alike: one table, the name of the list in the column "key"';
const left = (names: string): string => `left out beside the records: ${names}`;

const twelve = Array.from({ length: 12 }, (_x, n) => n);
const forty = Array.from({ length: 40 }, (_x, n) => n);
const object = (entries: ReadonlyArray<readonly [string, unknown]>): string =>
  JSON.stringify(Object.fromEntries(entries));

test.each<[shape: string, json: string, names: string, rows: unknown[][], told: string[]]>([
  [
    'lists of values beside a description of something else',
    '{"meta": {"view": {"name": "x"}}, "data": [["r", 1.5], ["s", 2]]}',
    'column_1 column_2',
    [
      ['r', 1.5],
      ['s', 2],
    ],
    [left('"meta"')],
  ],
  [
    'rows of Socrata, whose columns are described within',
    '{"meta": {"view": {"columns": [{"id": -1, "name": "sid"}, {"id": 2, "name": "Borough"}]}}, "data": [["r1", "Bronx"], ["r2", "Queens"]]}',
    'sid Borough',
    [
      ['r1', 'Bronx'],
      ['r2', 'Queens'],
    ],
    [DESCRIBED],
  ],
  [
    'as many names as rows',
    '{"header": ["a", "b"], "rows": [[1, 2], [3, 4]]}',
    'a b',
    [
      [1, 2],
      [3, 4],
    ],
    [],
  ],
  [
    "pandas' split with labels of rows",
    '{"columns": ["a"], "index": ["x", "y"], "data": [[1], [2]]}',
    'index a',
    [
      ['x', 1],
      ['y', 2],
    ],
    [],
  ],
  [
    'a first row of names',
    '[["NAME", "POP"], ["Alabama", "4903185"], ["Alaska", "731545"]]',
    'NAME POP',
    [
      ['Alabama', 4903185],
      ['Alaska', 731545],
    ],
    [FIRST_ROW],
  ],
  [
    'lists of words',
    '[["a", "b"], ["c", "d"]]',
    'column_1 column_2',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
    [],
  ],
  [
    "pandas' columns, some rows taken out",
    '{"id": {"1": 5, "4": 6}, "n": {"1": "a", "4": "b"}}',
    'index id n',
    [
      [1, 5, 'a'],
      [4, 6, 'b'],
    ],
    [COLUMNS],
  ],
  [
    "pandas' columns, told from rows by the kinds of their values",
    '{"id": {"x": 5, "y": 6}, "n": {"x": "a", "y": null}}',
    'index id n',
    [
      ['x', 5, 'a'],
      ['y', 6, null],
    ],
    [COLUMNS],
  ],
  [
    "pandas' index",
    '{"x": {"id": 5, "n": "a"}, "y": {"id": 6, "n": "b"}}',
    'key id n',
    [
      ['x', 5, 'a'],
      ['y', 6, 'b'],
    ],
    [KEY],
  ],
  [
    'many objects, any of which lacks something',
    object(forty.map((n) => [`k${n}`, { a: n, [`b${n % 3}`]: 1 }])),
    'key a b0 b1 b2',
    forty.map((n) => [`k${n}`, n, ...[0, 1, 2].map((rest) => (n % 3 === rest ? 1 : null))]),
    [KEY],
  ],
  [
    'numbers for names',
    '{"1": "cat", "2": "dog"}',
    'key value',
    [
      [1, 'cat'],
      [2, 'dog'],
    ],
    [DICTIONARY],
  ],
  [
    'many values of one kind',
    object(forty.map((n) => [`w${n}`, n])),
    'key value',
    forty.map((n) => [`w${n}`, n]),
    [DICTIONARY],
  ],
  ['settings', '{"lr": 0.1, "epochs": 3}', 'lr epochs', [[0.1, 3]], []],
  [
    'many lists of objects alike',
    object(
      twelve.map((n) => [
        `c${n}`,
        n === 5
          ? []
          : [
              { d: n, v: 1 },
              { d: n, v: 2 },
            ],
      ]),
    ),
    'key d v',
    twelve
      .filter((n) => n !== 5)
      .flatMap((n) => [
        [`c${n}`, n, 1],
        [`c${n}`, n, 2],
      ]),
    [MANY_LISTS],
  ],
  [
    'wrapped records',
    '{"status": "ok", "result": {"total": 2, "page": {"records": [{"a": 1}, {"a": 2}]}}}',
    'a',
    [[1], [2]],
    [left('"status", "total"')],
  ],
  [
    'features, one a line',
    '{"type": "Feature", "properties": {"n": "a"}, "geometry": null}\n{"type": "Feature", "properties": {"n": "b"}, "geometry": null}',
    'n geometry',
    [
      ['a', null],
      ['b', null],
    ],
    [],
  ],
  [
    'lists that follow each other',
    '[{"a": 1}]\n[{"a": 2}]',
    'a',
    [[1], [2]],
    ['lists that follow each other are read as one: 2'],
  ],
  [
    'a list a line',
    '[1, 2]\n[3, 4]',
    'column_1 column_2',
    [
      [1, 2],
      [3, 4],
    ],
    [],
  ],
])('%s', async (_shape, json, names, rows, told) => {
  const { tables } = await readDataset({ 't.json': json });
  const [table] = Object.values(tables);
  expect(Object.keys(tables)).toEqual(['t']);
  expect(table!.columns.map(([name]) => name)).toEqual(names.split(' '));
  expect(table!.rows).toEqual(rows);
  expect(table!.warnings).toEqual(told);
});

test('content decides: JSON by another name, a text by the name of JSON', async () => {
  const wide = Buffer.from('[{"a": "é"}]', 'utf16le').swap16();
  const { tables, skipped } = await readDataset({
    'json.csv': '[{"a": 1, "b": "x,y"},\n{"a": 2, "b": "z"}]',
    'lines.csv': '{"a": 1, "b": 2}\n{"a": 3, "b": 4}\n',
    'list.jsonl': '[\n{"a": 1},\n{"a": 2}\n]',
    'text.json': 'a,b\n1,2\n3,4\n',
    'wide.json': wide,
    'log.txt': '[2020-01-01 12:00:00] INFO started\n[2020-01-01 12:00:01] INFO all done\n',
    'script.json': 'var data = [{"a": 1}];',
    'nothing.json': '{"data": []}',
  });
  const rows = Object.entries(tables).map(([name, table]) => [name, table.rows]);
  expect(Object.fromEntries(rows)).toEqual({
    json: [
      [1, 'x,y'],
      [2, 'z'],
    ],
    lines: [
      [1, 2],
      [3, 4],
    ],
    list: [[1], [2]],
    text: [
      [1, 2],
      [3, 4],
    ],
    wide: [['é']],
  });
  expect(tables['json']!.warnings).toEqual([
    'the file is named .csv, its content is JSON: read as what it is',
  ]);
  expect(skipped).toEqual({
    'log.txt': 'not tabular: running text',
    'nothing.json': 'not tabular: JSON without records',
    'script.json': 'not JSON: it begins with neither a list nor an object',
  });
});

test.each([
  ['[{"a": "x"},\n {"a": "\u00e9"}]', 'line 2: bytes that are not UTF-8'],
  ['{"a": {"x" 1}, "b": {"x": 2}}', 'line 1, column 12: expected a colon'],
])('%j says where it breaks, and never hangs', async (json, found) => {
  const content = Buffer.from(json, 'latin1');
  const read = readDataset({ 't.json': content });
  await expect(read).rejects.toMatchObject({
    code: 'FORMAT_UNREADABLE',
    context: { found: expect.stringContaining(found) as string },
  });
});
