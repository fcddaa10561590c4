/** Avro files: values as their writers have them, declared types, codecs, damage. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readDataset } from '../../helpers/read-dataset.js';

const CORPUS = join(import.meta.dirname, '..', '..', 'corpus', 'formats');
const file = readFileSync(join(CORPUS, 'types.avro'));

test('texts stay texts, decimals decimals, numbers keep their digits, nested values are JSON', async () => {
  const { tables } = await readDataset({ 'types.data': file });
  const { columns, rows, warnings } = tables['types']!;
  expect(columns).toEqual([
    ['code', 'VARCHAR'],
    ['amount', 'DECIMAL(20,2)'],
    ['big', 'BIGINT'],
    ['instant', 'TIMESTAMP WITH TIME ZONE'],
    ['day', 'DATE'],
    ['place', 'VARCHAR'],
    ['raw', 'VARCHAR'],
  ]);
  expect(rows.map((row) => [row[0], row[5], row[6]])).toEqual([
    ['007', '{"x":[1,null],"y":{"é":1.5}}', '00ff'],
    [null, '{"x":[],"y":{}}', ''],
    ['NA', '{"x":[9223372036854775807],"y":{"\\"":0.1}}', '61'],
  ]);
  expect(rows[0]![2]).toBe(9223372036854775807n);
  expect(warnings).toContain('the binary values of column "raw" are written in hexadecimal');
});

test('a file that was not copied to its end, or whose block is another one, is refused', async () => {
  const refusal = { code: 'FORMAT_UNREADABLE' };
  await expect(readDataset({ 'a.avro': file.subarray(0, -20) })).rejects.toMatchObject({
    ...refusal,
    message: expect.stringMatching(/not copied to its end/) as string,
  });
  const turned = Buffer.from(file);
  turned[turned.length - 30]! ^= 0xff;
  await expect(readDataset({ 'a.avro': turned })).rejects.toMatchObject(refusal);
});
