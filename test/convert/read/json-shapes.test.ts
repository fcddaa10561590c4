/** JSON in the shapes that people write: what becomes a row, what is told, and where an error is. */
import { expect, test } from 'vitest';
import { readDataset } from '../../helpers/read-dataset.js';

const read = (json: string) => readDataset({ 't.json': json });

test.each<[shape: string, json: string, rows: unknown[][], told: string[]]>([
  [
    'numbers that only Python writes',
    '[{"a": 1.5, "b": NaN}, {"a": -Infinity, "b": null}]',
    [
      [1.5, NaN],
      [-Infinity, null],
    ],
    ['NaN and Infinity are read as the numbers that Python writes so: 2'],
  ],
  [
    'objects that follow each other',
    ' {\n "v": "70",\n "n": {"a": [1]}\n}\n{\n "v": "71"}{"v": 72}',
    [
      [70, '{"a": [1]}'],
      [71, null],
      [72, null],
    ],
    [],
  ],
  [
    'commas at the end, and between objects',
    '{"a": 1,},\n{"a": 2},',
    [[1], [2]],
    ['commas with no value behind them are passed over: 3'],
  ],
  [
    'an object of objects alike',
    '{"x1": {"n": "a", "s": 1}, "x2": {"s": 2, "n": "b"}}',
    [
      ['x1', 'a', 1],
      ['x2', 'b', 2],
    ],
    ['an object of objects alike: a row each, its name in the column "key"'],
  ],
  [
    'objects alike that have a key',
    '{"x1": {"key": "a"}, "x2": {"key": "b"}}',
    [
      ['x1', 'a'],
      ['x2', 'b'],
    ],
    ['an object of objects alike: a row each, its name in the column "key_"'],
  ],
  [
    'a list beside its description',
    '{"meta": {"n": 2}, "data": [{"a": 1}, {"a": 2}]}',
    [[1], [2]],
    ['left out beside the records: "meta"'],
  ],
  [
    'features of a map',
    '{"type": "FeatureCollection", "features": [{"type": "Feature", "id": 7, "properties": {"n": "A", "id": 3}, "geometry": {"type": "Point"}}, {"type": "Feature", "properties": null, "geometry": null}]}',
    [
      [7, 'A', 3, '{"type": "Point"}'],
      [null, null, null, null],
    ],
    [],
  ],
  [
    'features of a map as GDAL writes them: a name and a system of coordinates beside them',
    '{"type": "FeatureCollection", "name": "r", "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}, "features": [{"type": "Feature", "properties": {"n": "A"}, "geometry": null}]}',
    [['A', null]],
    ['left out beside the records: "name", "crs"'],
  ],
  [
    'columns described by objects, beside rows of values',
    '{"columns": [{"name": "a", "type": "int"}, {"type": "text", "field": "b"}], "data": [[1, "x"], [2, "y"]]}',
    [
      [1, 'x'],
      [2, 'y'],
    ],
    ['columns are described by objects: their names are read, the rest is left out'],
  ],
  [
    'settings',
    '{"a": {"x": 1, "y": 2}, "b": {"z": 3, "w": 4}}',
    [['{"x": 1, "y": 2}', '{"z": 3, "w": 4}']],
    [],
  ],
])('%s', async (_shape, json, rows, told) => {
  const { tables } = await read(json);
  expect(Object.keys(tables)).toEqual(['t']);
  expect(tables['t']!.rows).toEqual(rows);
  expect(tables['t']!.warnings).toEqual(told);
});

test('each list of records is a table; what is none is told', async () => {
  const { tables } = await read('{"info": 1, "a": [{"x": 1}], "b": [{"y": 2}, {"y": 3}], "c": []}');
  const told = [
    'one of 2 lists of records in the file: a table each',
    'left out beside the records: "info", "c"',
  ];
  expect(tables).toEqual({
    t__a: { columns: [['x', 'TINYINT']], rows: [[1]], warnings: told },
    t__b: { columns: [['y', 'TINYINT']], rows: [[2], [3]], warnings: told },
  });
});

test('a bracket too many in a file of lines is one reject', async () => {
  const lines = '{"a": 1}\n{"a": 2}\n]\n{"a": 3}';
  await expect(read(lines)).rejects.toMatchObject({ code: 'TOO_MANY_REJECTS' });
  const { tables } = await readDataset({ 't.json': lines }, { checks: { max_rejects: 1 } });
  expect(tables['t']!.rows).toEqual([[1], [2], [3]]);
});

test.each(['[]', ' [ ]\n', '{}'])('%j has no records and stops nobody', async (json) => {
  const { tables, skipped } = await readDataset({ 'e.json': json, 'z.csv': 'p,q\n1,2\n' });
  expect(Object.keys(tables)).toEqual(['z']);
  expect(skipped).toEqual({ 'e.json': 'not tabular: JSON without records' });
});

test.each([
  ['[{"a": 1},\n {"a": x}]', 'value 2 is not JSON: line 2, column 7: expected a value'],
  ['{"a": 1,\n "b": 2 "c": 3}', 'line 2, column 9: expected a comma'],
  ['{"data": [{"a": 1}, {"a":', 'line 1: the text ends too early: the file may be cut'],
  ['[1,,2]', 'line 1: a comma without a value'],
  ['[1]\n x', 'line 1: more text at the end'],
  ['{"a": 1} {"b": 2}\n]', 'line 2: "]" closes nothing'],
])('%j says where it breaks', async (json, found) => {
  await expect(read(json)).rejects.toMatchObject({
    code: 'FORMAT_UNREADABLE',
    context: { found: expect.stringContaining(found) as string },
  });
});
