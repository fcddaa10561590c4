/** What strangers write goes on without what no reader sees, and not without end. */
import { expect, test } from 'vitest';
import { documentationOf } from '../../src/source/kaggle/documentation.js';
import { plainDescription, plainLine, plainText } from '../../src/source/plain-text.js';

test('controls and marks of direction go, lines stay', () => {
  expect(plainText('\u001b[31mred\u001b[0m\r\nand\tblue\u202e\u0000\u0085', 100)).toBe(
    '[31mred[0m\nand\tblue',
  );
  expect(plainLine(' two\r\n lines ', 100)).toBe('two lines');
  expect(plainText('half \ud800 a pair', 100)).toBe('half \ufffd a pair');
  expect([plainText(' \u0007 ', 10), plainText(7, 10), plainText(undefined, 10)]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test.each([
  ['a text that fits', 'x'.repeat(10), 'x'.repeat(10)],
  ['one too long', 'x'.repeat(11), `${'x'.repeat(9)}…`],
  ['characters of two units', '🐧'.repeat(11), `${'🐧'.repeat(9)}…`],
  ['megabytes', 'x'.repeat(5e6), `${'x'.repeat(9)}…`],
  ['megabytes of nothing', ' '.repeat(5e6), '…'],
])('%s', (_name, text, expected) => expect(plainText(text, 10)).toBe(expected));

test('a description keeps its facts, bounded', () => {
  const tags = Array.from({ length: 500 }, (_none, number) => `tag ${number}`);
  const said = { title: 'A\u0007 title', description: 'd'.repeat(20_000), usability: 1, tags };
  const plain = plainDescription({ ...said, url: 'https://www.kaggle.com/datasets/owner/set' });
  expect(plain).toMatchObject({ title: 'A title', usability: 1, url: expect.any(String) });
  expect(plain.description).toHaveLength(10_000);
  expect(plain.tags).toHaveLength(100);
  expect(plain).not.toHaveProperty('licence');
});

test('of files and columns, what is described is kept; lists that hold anything do no harm', () => {
  const data = [
    null,
    'text',
    { name: 'bare.csv', columns: [{ name: 'x' }, null, { description: 'of nothing' }] },
    {
      name: 'a.csv',
      description: 'One\u001b a row',
      columns: [
        { name: 'x\n y', description: 'The x' },
        { name: 'y', description: '' },
        { name: 'z', description: 9 },
      ],
    },
    { name: 'b.csv', columns: 'none' },
  ];
  const info = { userSpecifiedSources: 'A book', data } as object;
  expect(documentationOf({ info })).toEqual({
    sources: 'A book',
    files: [{ path: 'a.csv', description: 'One a row', columns: [['x y', 'The x']] }],
  });
  expect(documentationOf({})).toEqual({ files: [] });
  expect(documentationOf({ info: { data: 'none' } as object })).toEqual({ files: [] });
});

test('descriptions of thousands of columns end somewhere', () => {
  const columns = Array.from({ length: 1000 }, (_none, number) => ({
    name: `c${number}`,
    description: 'd'.repeat(1000),
  }));
  const data = Array.from({ length: 20 }, (_none, number) => ({ name: `${number}.csv`, columns }));
  const { files } = documentationOf({ info: { data } });
  expect(files.length).toBeLessThan(5);
  expect(JSON.stringify(files).length).toBeLessThan(5e6);
});
