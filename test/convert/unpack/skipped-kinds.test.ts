/** What was skipped is counted by kind, in the words of people. */
import { expect, test } from 'vitest';
import { skippedKinds } from '../../../src/convert/unpack/skipped-kinds.js';

const skipped = (...files: ReadonlyArray<readonly [path: string, reason: string]>) =>
  skippedKinds(files.map(([originalPath, reason]) => ({ originalPath, reason, bytes: 1 })));

test('kinds come by their number, files that nobody wants do not count', () => {
  expect(
    skipped(
      ['a.ipynb', 'not tabular'],
      ['img/1.jpg', 'not tabular'],
      ['img/2.JPG', 'not tabular'],
      ['b.xlsx#Notes', 'not tabular: a sheet without records'],
      ['b.xlsx#Empty', 'empty'],
      ['s.db#v', 'a view: name it in files: include:'],
      ['x.csv', 'excluded by files:'],
    ),
  ).toBe(
    '2 jpg, 1 ipynb, 1 sheet without records, 1 sheet or table: empty, 1 sheet or table: a view',
  );
  expect(
    skipped(
      ['LICENSE', 'not tabular: running text'],
      ['old.7z', 'not supported: a .7z archive, because nobody reads it; pack it as .zip'],
      ['empty.csv', 'empty'],
      ['a.md', 'not tabular'],
      ['b.py', 'not tabular'],
      ['c.pdf', 'not tabular'],
      ['d.png', 'not tabular'],
    ),
  ).toBe(
    '1 file without extension (running text), 1 7z (.7z archive), 1 csv (empty), 1 md, 1 py, 2 of other kinds',
  );
});

test('nothing skipped, nothing said', () => {
  expect(skipped()).toBeUndefined();
  expect(skipped(['x.csv', 'excluded by files:'])).toBeUndefined();
});
