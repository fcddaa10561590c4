/** The metadata of a Parquet file, written anew: the file that DuckDB would have written with them, byte for byte. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { quoteIdentifier, quoteText } from '../../../src/convert/relation.js';
import { replaceMetadata } from '../../../src/convert/write/footer.js';
import { temporaryFolder } from '../../helpers/convert.js';
import { propertyCases } from '../../helpers/properties.js';

type Pairs = Readonly<Record<string, string>>;

const TABLES = {
  'several row groups': `SELECT i, i / 7 AS d, 't' || i AS t, i % 3 = 0 AS b, DATE '1500-01-01' AS day FROM range(10_000) AS r(i)`,
  'nested values': `SELECT [i, NULL] AS l, {'a': i, 'b': ['x']} AS s, MAP {'k': i} AS m FROM range(10) AS r(i)`,
  'many columns': `SELECT ${Array.from({ length: 300 }, (_x, n) => `i + ${n} AS "column ${n}"`).join(', ')} FROM range(3) AS r(i)`,
  'no row': `SELECT 1 AS one WHERE false`,
};

let write: (select: string, name: string, pairs: Pairs) => Promise<string>;

beforeAll(async () => {
  const connection = await (await DuckDBInstance.create()).connect();
  write = async (select, file, pairs) => {
    const list = Object.entries(pairs)
      .map(([key, value]) => `${quoteIdentifier(key)}: ${quoteText(value)}`)
      .join(', ');
    const own = list === '' ? '' : `, KV_METADATA {${list}}`;
    const options = `FORMAT parquet, ROW_GROUP_SIZE 2048${own}`;
    await connection.run(`COPY (${select}) TO ${quoteText(file)} (${options})`);
    return file;
  };
});

describe.each(Object.entries(TABLES))('of a file with %s', (_name, select) => {
  test.each<[string, Pairs, Pairs]>([
    ['others', { source: 'before' }, { source: 'after', 'a name': '', größe: '→ 3 "m"' }],
    ['added', {}, { source: 'after' }],
    ['taken away', { source: 'before', version: '1' }, {}],
    ['many', { source: 'before' }, many(40)],
    ['long', many(15), { long: 'x'.repeat(300_000) }],
  ])('%s', async (_case, before, after) => {
    const folder = temporaryFolder();
    const file = await write(select, join(folder, 'file.parquet'), before);
    await replaceMetadata(file, after);
    const expected = await write(select, join(folder, 'expected.parquet'), after);
    expect(readFileSync(file).equals(readFileSync(expected))).toBe(true);
  });
});

test('any pairs, again and again', async () => {
  const select = TABLES['several row groups'];
  const folder = temporaryFolder();
  const file = await write(select, join(folder, 'again.parquet'), {});
  // DuckDB tells names apart without looking at their case, and takes them as identifiers.
  const key = fc.stringMatching(/^[a-z][a-z0-9_.]{0,20}$/);
  const pairs = fc.dictionary(key, fc.string({ unit: 'grapheme', maxLength: 200 }).map(noNul));
  await fc.assert(
    fc.asyncProperty(pairs, async (some) => {
      await replaceMetadata(file, some);
      const expected = await write(select, join(folder, 'expected.parquet'), some);
      expect(readFileSync(file).equals(readFileSync(expected))).toBe(true);
    }),
    propertyCases(30),
  );
});

test('what is no whole Parquet file is left as it is', async () => {
  const folder = temporaryFolder();
  const whole = join(folder, 'whole.parquet');
  const bytes = readFileSync(await write(TABLES['nested values'], whole, { source: 'before' }));
  const file = join(folder, 'damaged.parquet');
  const long = Buffer.from(bytes);
  long.writeUInt32LE(bytes.length, long.length - 8);
  const kinds = [
    long,
    Buffer.alloc(0),
    Buffer.from('PAR1'),
    bytes.subarray(0, -1),
    bytes.subarray(-8),
  ];
  for (const damaged of kinds) {
    writeFileSync(file, damaged);
    await expect(replaceMetadata(file, { a: 'b' })).rejects.toThrow();
    expect(readFileSync(file).equals(damaged)).toBe(true);
  }
});

function many(count: number): Pairs {
  return Object.fromEntries(Array.from({ length: count }, (_x, n) => [`key${n}`, `value ${n}`]));
}

function noNul(text: string): string {
  return text.replaceAll('\0', ' ');
}
