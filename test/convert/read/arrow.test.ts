/** Arrow and Feather files: values as their writers have them, declared types, compression, damage. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readDataset } from '../../helpers/read-dataset.js';

const CORPUS = join(import.meta.dirname, '..', '..', 'corpus', 'formats');
const file = (name: string): Buffer => readFileSync(join(CORPUS, name));

test('texts stay texts, numbers keep their digits, nested values are JSON, whatever the name of the file', async () => {
  const { tables } = await readDataset({ 'types.csv': file('types.feather') });
  const { columns, rows, warnings } = tables['types']!;
  expect(columns).toEqual([
    ['code', 'VARCHAR'],
    ['amount', 'DECIMAL(20,2)'],
    ['big', 'DECIMAL(38,0)'],
    ['real', 'DOUBLE'],
    ['moment', 'VARCHAR'],
    ['instant', 'TIMESTAMP WITH TIME ZONE'],
    ['kind', 'VARCHAR'],
    ['list', 'VARCHAR'],
    ['place', 'VARCHAR'],
    ['raw', 'VARCHAR'],
  ]);
  const cells = rows.map((row) => [row[0], row[3], row[4], row[6], row[7], row[8], row[9]]);
  expect(cells).toEqual([
    ['007', 1, '2020-01-02 03:04:05.000000001', 'a', '[1,null]', '{"x":1,"y":"a"}', '00ff'],
    ['NA', NaN, '1970-01-01 00:00:00', 'b', '[]', '{"x":null,"y":null}', ''],
    [null, null, null, null, null, null, null],
    [
      'é"\n',
      -0.5,
      '1969-12-31 23:59:59.999999999',
      'a',
      '[9223372036854775807]',
      '{"x":2,"y":"\\""}',
      '61',
    ],
  ]);
  expect(warnings).toContain('the binary values of column "raw" are written in hexadecimal');
});

test('a stream and a file of polars say the same', async () => {
  const { tables } = await readDataset({
    'feather.feather': file('types.feather'),
    stream: file('types.arrows'),
    'polars.arrow': file('types-polars.arrow'),
  });
  expect(tables['stream']!.rows).toEqual(tables['feather']!.rows);
  const without = tables['feather']!.rows.map((row) =>
    row.filter((_cell, at) => ![4, 9].includes(at)),
  );
  expect(tables['polars']!.rows).toEqual(without);
});

test('a pin settles the type of a declared text', async () => {
  const { tables } = await readDataset(
    { 'types.arrow': file('types.feather') },
    { columns: { real: 'VARCHAR', kind: { type: 'VARCHAR' } } },
  );
  expect(tables['types']!.columns[3]).toEqual(['real', 'VARCHAR']);
});

test('a file that was not copied to its end, or whose lengths are not true, is refused', async () => {
  const whole = file('types.feather');
  const refusal = { code: 'FORMAT_UNREADABLE' };
  await expect(readDataset({ 'a.feather': whole.subarray(0, -20) })).rejects.toMatchObject({
    ...refusal,
    message: expect.stringMatching(/not copied to its end/) as string,
  });
  const lying = Buffer.from(whole);
  lying.writeInt32LE(1 << 30, lying.length - 10);
  await expect(readDataset({ 'a.feather': lying })).rejects.toMatchObject(refusal);
});

test('a Feather file of version 1 is listed with the way around', async () => {
  const { skipped } = await readDataset({
    'old.feather': Buffer.concat([Buffer.from('FEA1'), Buffer.alloc(100), Buffer.from('FEA1')]),
    'a.csv': 'a,b\n1,2\n',
  });
  expect(skipped['old.feather']).toMatch(/^not supported: a Feather file of version 1.*to_feather/);
});
