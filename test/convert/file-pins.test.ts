/** What is pinned for some files of a dataset alone: their format, their dialect, their columns. */
import { expect, test } from 'vitest';
import { configFileSchema } from '../../src/config/datasets.js';
import { readDataset } from '../helpers/read-dataset.js';

const FILES = {
  'u.item': '1|Toy Story|1995\n2|GoldenEye|1995\n',
  'notes.md': 'a;b\n1;2\n',
  'plain.csv': 'id,code\n1,007\n2,008\n',
  'log.data': 'one two\n{"not": "json"}\n',
};

test('a pinned format wins over name and content, a pinned dialect over that of the dataset', async () => {
  const { tables, skipped } = await readDataset(FILES, {
    csv: { delimiter: ',' },
    files: {
      '*.item': { csv: { delimiter: '|', header: false, names: ['id', 'title', 'year'] } },
      'notes.md': { format: 'csv', csv: { delimiter: ';' } },
      'plain.csv': { columns: { id: 'VARCHAR' } },
    },
  });
  const shown = Object.entries(tables).map(([name, { columns, rows }]) => [name, columns, rows]);
  expect(shown).toEqual([
    [
      'u_item',
      [
        ['id', 'TINYINT'],
        ['title', 'VARCHAR'],
        ['year', 'SMALLINT'],
      ],
      [
        [1, 'Toy Story', 1995],
        [2, 'GoldenEye', 1995],
      ],
    ],
    [
      'notes_md',
      [
        ['a', 'TINYINT'],
        ['b', 'TINYINT'],
      ],
      [[1, 2]],
    ],
    [
      'plain',
      [
        ['id', 'VARCHAR'],
        ['code', 'VARCHAR'],
      ],
      [
        ['1', '007'],
        ['2', '008'],
      ],
    ],
  ]);
  expect(skipped).toEqual({ 'log.data': 'not tabular: running text' });
});

test('a later pattern wins, key by key', async () => {
  const { tables } = await readDataset(
    { 'a.csv': 'x;y\n1;2\n' },
    {
      files: {
        '*.csv': { csv: { delimiter: ';', header: false } },
        'a.*': { csv: { header: true } },
      },
    },
  );
  expect(tables['a']!.columns).toEqual([
    ['x', 'TINYINT'],
    ['y', 'TINYINT'],
  ]);
});

test('a misspelt key of a file is told with the keys that there are', () => {
  const parse = () =>
    configFileSchema.parse({
      datasets: { d: { kaggle_ref: 'o/d', files: { '*.data': { formt: 'csv' } } } },
    });
  expect(parse).toThrow(/formt/);
});
