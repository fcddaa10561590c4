/** Types that not every engine reads: what a Parquet source of them is written as, and that no value is lost. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import { identify } from '../../../src/iceberg/field-id.js';
import { convert, temporaryFolder } from '../../helpers/convert.js';

async function parquetOf(select: string): Promise<Buffer> {
  const file = join(temporaryFolder(), 'source.parquet');
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run(`COPY (${select}) TO '${file}' (FORMAT parquet)`);
  connection.closeSync();
  return readFileSync(file);
}

test.each([
  ['TIME', `TIME '12:34:56.123456'`, 'VARCHAR', 'copied as text', '12:34:56.123456'],
  ['TIME_NS', `TIME_NS '12:34:56.123456789'`, 'VARCHAR', 'copied as text', '12:34:56.123456789'],
  ['TIME WITH TIME ZONE', `TIMETZ '12:34:56+02'`, 'VARCHAR', 'copied as text', '10:34:56+00'],
  [
    ...([
      'UUID',
      `UUID 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'`,
      'VARCHAR',
      'copied as text',
    ] as const),
    'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
  ],
  [
    'INTERVAL',
    `INTERVAL '1 month 2 days 3 s'`,
    'VARCHAR',
    'copied as text',
    '1 month 2 days 00:00:03',
  ],
  ['JSON', `'{"b": [1.0]}'::JSON`, 'VARCHAR', 'copied as text', '{"b": [1.0]}'],
  [
    ...(['TIMESTAMP_NS', `TIMESTAMP_NS '2024-02-29 23:59:59.123456'`, 'TIMESTAMP'] as const),
    ...(['copied by value', 1709251199123456n] as const),
  ],
  [
    ...(['TIMESTAMP_NS', `TIMESTAMP_NS '2024-02-29 23:59:59.123456789'`, 'VARCHAR'] as const),
    ...(['copied as text', '2024-02-29 23:59:59.123456789'] as const),
  ],
  ['UINTEGER', '4294967295::UINTEGER', 'BIGINT', 'copied by value', 4294967295n],
  ['UBIGINT', '9223372036854775807::UBIGINT', 'BIGINT', 'copied by value', 2n ** 63n - 1n],
  ['UBIGINT', '9223372036854775808::UBIGINT', 'UBIGINT', 'copied', 2n ** 63n],
  ['TIMESTAMP_NS', 'NULL::TIMESTAMP_NS', 'TIMESTAMP', 'copied by value', null],
])('%s of %s is written as %s', async (sourceType, sql, type, rule, value) => {
  const source = await parquetOf(`SELECT ${sql} AS "a x", 1 AS other`);
  const { rows, description } = await convert(source, { format: 'parquet' });
  expect(description.columns[0]).toMatchObject({ originalType: sourceType, type, proof: { rule } });
  expect(rows).toEqual([[value, 1]]);
});

test('values within others follow, and the import names what became text', async () => {
  const select = `SELECT {'at': TIME '01:02:03', 'n "q"': [7::UINTEGER]} AS s, map {'k': TIME '01:02:03'} AS m, 'x' AS t`;
  const source = await parquetOf(select);
  const { description, metadata, rows, result } = await convert(source, { format: 'parquet' });
  expect(description.columns.map(({ type }) => type)).toEqual([
    'STRUCT("at" VARCHAR, "n ""q""" BIGINT[])',
    'MAP(VARCHAR, VARCHAR)',
    'VARCHAR',
  ]);
  expect(rows).toEqual([[{ at: '01:02:03', 'n "q"': [7n] }, { k: '01:02:03' }, 'x']]);
  expect(result.warnings).toEqual([
    'written as text, which every engine reads: s (STRUCT("at" TIME, "n ""q""" UINTEGER[])), m (MAP(VARCHAR, TIME)); `parquet: compact` keeps the types',
  ]);
  const [struct, map] = identify(description.columns);
  const ids = new Map(metadata.schema.map(({ name, field_id }) => [name, field_id]));
  expect(ids.get('at')).toBe(struct!.within[0]!.id);
  expect(ids.get('element')).toBe(struct!.within[1]!.within[0]!.id);
  expect([ids.get('key'), ids.get('value')]).toEqual(map!.within.map(({ id }) => id));
});

test('the configuration can keep the types', async () => {
  const source = await parquetOf(`SELECT TIME '01:02:03' AS t`);
  const options = { format: 'parquet', config: { parquet: 'compact' } } as const;
  const { description, result } = await convert(source, options);
  expect(description.columns[0]).toMatchObject({ type: 'TIME', proof: { rule: 'copied' } });
  expect(result.warnings).toEqual([]);
});
