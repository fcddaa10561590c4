/** A pin that is told takes the place of what the entry has under its key, and leaves nothing of it out. */
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { configFileSchema } from '../../src/config/datasets.js';
import { pinBeside, togetherOf } from '../../src/convert/pins-together.js';
import { convert } from '../helpers/convert.js';

function entryOf(raw: object) {
  const { datasets } = configFileSchema.parse({
    config: {},
    datasets: { d: { kaggle_ref: 'o/s', ...raw } },
  });
  return { ...datasets['d']!, name: 'd' };
}

test.each<readonly [what: string, entry: object, pin: string, told: object]>([
  ['nothing is there', {}, 'csv: {header: true}', { csv: { header: true } }],
  [
    'the same key',
    { csv: { quote: 'none', delimiter: 'whitespace' } },
    'csv: {header: true}',
    { csv: { quote: 'none', delimiter: 'whitespace', header: true } },
  ],
  [
    'a column and words for nothing',
    { columns: { Y: 'BIGINT', __proto__: 'DATE' }, csv: { null_tokens: ['-', 'x'] } },
    'columns: {no: DATE}\ncsv: {null_tokens: ["x", "?"]}',
    { columns: { Y: { type: 'BIGINT' }, no: 'DATE' }, csv: { null_tokens: ['-', 'x', '?'] } },
  ],
  [
    'another sheet, and the same',
    { sheets: [{ sheet: 'A', range: 'A1:B9' }, { sheet: 'B' }] },
    'sheets: [{sheet: A, header_rows: 1}]',
    { sheets: [{ sheet: 'B' }, { sheet: 'A', range: 'A1:B9', header_rows: 1 }] },
  ],
  [
    'patterns of files',
    { files: { exclude: '*.txt', '*.csv': { csv: { quote: 'none' } } } },
    'files: {"a b/1.csv": {csv: {header: true}}}',
    {
      files: {
        exclude: ['*.txt'],
        '*.csv': { csv: { quote: 'none' } },
        'a b/1.csv': { csv: { header: true } },
      },
    },
  ],
])('%s', (_what, raw, pin, told) => {
  const entry = entryOf(raw);
  const pasted = parse(pinBeside(pin, entry)) as object;
  expect(pasted).toEqual(told);
  expect(entryOf({ ...raw, ...pasted })).toBeDefined();
});

test('for one file of several, beside what is pinned for it', () => {
  const entry = entryOf({ csv: { header: true }, files: { 'a.csv': { csv: { trim: true } } } });
  expect(parse(pinBeside('csv: {ragged: pad}', entry, 'a.csv'))).toEqual({
    files: { 'a.csv': { csv: { trim: true, ragged: 'pad' } } },
  });
});

test('names that every object has are keys like others', () => {
  const pins = togetherOf(
    { columns: {} },
    parse('columns: {constructor: DATE}') as object as never,
  );
  expect(pins).toEqual({ columns: { constructor: 'DATE' } });
});

test('a warning and a refusal of a pinned file can be pasted as they stand', async () => {
  const csv = { null_tokens: ['-'], decimal: '.' as const };
  const told = await convert('id;-\nx;y\n', { entry: { csv } });
  const { pin } = told.description.decisions.find(({ about }) => about === 'header')!;
  expect(parse(pin)).toEqual({ csv: { ...csv, header: true } });
  const refused = (await convert('a,b\n1,x\n2\n3,y\n', { entry: { csv } }).catch(
    (error: unknown) => error,
  )) as { nextStep: string };
  const tried = /(?<=then\): ).*?(?=\. Or)/.exec(refused.nextStep)![0];
  expect(parse(tried)).toEqual({ csv: { ...csv, ragged: 'pad' } });
  const { rows } = await convert('a,b\n1,x\n2\n3,y\n', { entry: parse(tried) as object });
  expect(rows).toHaveLength(3);
});
