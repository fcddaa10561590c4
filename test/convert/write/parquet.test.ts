/** The Parquet that is written: pages, codec, metadata, order, parts, row groups, and nothing after a cancellation. */
import { readdirSync } from 'node:fs';
import type { FileMetaData } from 'hyparquet';
import { describe, expect, test } from 'vitest';
import { identify } from '../../../src/iceberg/field-id.js';
import { convert, temporaryFolder } from '../../helpers/convert.js';

describe('what is written', () => {
  test('says where it comes from, in the configured codec', async () => {
    const { metadata } = await convert('a,b\n1,x\n', { config: { compression: 'zstd' } });
    const pairs = Object.fromEntries(
      metadata.key_value_metadata!.map(({ key, value }) => [key, value]),
    );
    expect(pairs).toMatchObject({ source: 'test', version: '1' });
    expect(metadata.row_groups[0]!.columns[0]!.meta_data!.codec).toBe('ZSTD');
  });

  const MIXED = `n,d,t,day\n${Array.from({ length: 30_000 }, (_x, n) => `${n * 77_777},${n / 7},t${n},1500-01-01\n`).join('')}`;

  test('has only the encodings that every reader has, and fields with ids', async () => {
    const { metadata, description } = await convert(MIXED);
    expect(encodingsOf(metadata)).toEqual(['PLAIN', 'PLAIN_DICTIONARY']);
    const fields = metadata.schema.slice(1).map(({ field_id }) => field_id);
    expect(fields).toEqual(identify(description.columns).map(({ id }) => id));
  });

  test('is smaller, for fewer readers, where the configuration says so', async () => {
    const { metadata } = await convert(MIXED, { config: { parquet: 'compact' } });
    expect(encodingsOf(metadata)).toEqual(
      expect.arrayContaining(['BYTE_STREAM_SPLIT', 'DELTA_BINARY_PACKED']),
    );
  });

  test('says which calendar its days are of, for Spark 3', async () => {
    const keys = async (text: string) =>
      (await convert(text)).metadata.key_value_metadata!.map(({ key }) => key);
    expect(await keys('day\n1500-01-01\n')).toContain('org.apache.spark.version');
    expect(await keys('text\nx\n')).not.toContain('org.apache.spark.version');
  });

  test('is split into numbered parts above max_part_size, rows in order', async () => {
    const lines = Array.from(
      { length: 50_000 },
      (_x, index) => `${index},text ${index * 31}\n`,
    ).join('');
    const { result, rows } = await convert(`n,t\n${lines}`, { config: { max_part_size: '100KB' } });
    expect(result.parts.length).toBeGreaterThan(1);
    expect(result.parts[0]!.file).toBe('parquet/table/part-0001.parquet');
    expect(rows.map(([n]) => n)).toEqual(Array.from({ length: 50_000 }, (_x, index) => index));
  });

  test('chunk_size sets the row groups of a large dataset', async () => {
    const lines = Array.from({ length: 20_000 }, (_x, index) => `${index},x\n`).join('');
    const entry = { large_dataset: true, chunk_size: 4096 };
    const { metadata } = await convert(`n,t\n${lines}`, { entry });
    expect(metadata.row_groups.length).toBeGreaterThanOrEqual(4);
  });

  test('nothing, when the conversion is cancelled', async () => {
    const folder = temporaryFolder();
    const stop = new AbortController();
    const lines = Array.from(
      { length: 400_000 },
      (_x, index) => `${index},${index / 7},text ${index}\n`,
    ).join('');
    const conversion = convert(`n,d,t\n${lines}`, {
      folder,
      signal: stop.signal,
      onProgress: () => stop.abort(new Error('stop')),
    });
    await expect(conversion).rejects.toThrow('stop');
    const left = readdirSync(folder, { recursive: true }).filter((name) =>
      /parquet$|json$|tmp$/.test(String(name)),
    );
    expect(left.filter((name) => !/^(parquet|scratch)$/.test(String(name)))).toEqual([]);
  });
});

function encodingsOf({ row_groups }: FileMetaData): string[] {
  const columns = row_groups.flatMap((group) => group.columns.map(({ meta_data }) => meta_data!));
  return [...new Set(columns.flatMap(({ encodings }) => encodings))].sort();
}
