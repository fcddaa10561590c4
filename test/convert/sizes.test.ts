/** CSV that is wide, long, or has long cells: more than DuckDB holds in one buffer. */
import { expect, test } from 'vitest';
import { convert } from '../helpers/convert.js';

test('two thousand columns', async () => {
  const line = (value: (index: number) => string): string =>
    Array.from({ length: 2000 }, (_x, i) => value(i)).join(',');
  const { rows, result } = await convert(
    `${line((i) => `c${i}`)}\n${line(String)}\n${line((i) => `t${i}`)}\n`,
  );
  expect(result).toMatchObject({ columns: 2000, rows: 2 });
  expect(rows[0]).toEqual(Array.from({ length: 2000 }, (_x, i) => String(i)));
  expect(rows[1]).toEqual(Array.from({ length: 2000 }, (_x, i) => `t${i}`));
});

test('more columns than memory has room for are refused before any is typed', async () => {
  const names = Array.from({ length: 20_532 }, (_x, i) => `gene_${i}`);
  const phases: string[] = [];
  const refused = convert(`${names.join(',')}\n${names.map((_x, i) => i / 8).join(',')}\n`, {
    onProgress: (progress) => phases.push((progress as { phase: string }).phase),
  });
  await expect(refused).rejects.toMatchObject({
    code: 'TOO_MANY_COLUMNS',
    context: {
      expected: 'at most 4000 columns with a memory_limit of 1 GB',
      found: '20532 columns, which need `config: {memory_limit: 5.2GB}`',
    },
  });
  expect(phases.filter((phase) => phase !== 'reading')).toEqual([]);
});

test.each([
  ['a line', (long: string) => `{"a": 1}\n{"a": "${long}"}\n`, 'ndjson', 2],
  ['a line that is no JSON', (long: string) => `{"a": 1}\n${long}\n`, 'ndjson', 2],
  ['a value of a list', (long: string) => `[{"a": 1},\n{"a": "${long}"}]`, 'json', 1],
] as const)(
  '%s of JSON of more than 64 MiB is refused, and never held',
  async (_what, of, format, line) => {
    const refused = convert(of('x'.repeat(70_000_000)), { format, originalPath: `long.${format}` });
    await expect(refused).rejects.toMatchObject({
      code: 'RECORD_TOO_LONG',
      context: { place: `long.${format}:${line}` },
    });
  },
);

test('long texts are written in small row groups', async () => {
  const text = 'x'.repeat(16_000);
  const lines = Array.from({ length: 5_000 }, (_x, n) => `${n},${n} ${text}\n`);
  const { rows, metadata } = await convert(`n,t\n${lines.join('')}`);
  const groups = metadata.row_groups.map(({ num_rows }) => Number(num_rows));
  expect(Math.max(...groups)).toBeLessThanOrEqual(2048);
  expect(rows).toHaveLength(5_000);
});

test('one hundred columns', async () => {
  const line = (value: (index: number) => string): string =>
    Array.from({ length: 100 }, (_x, i) => value(i)).join(',');
  const { rows } = await convert(`${line((i) => `c${i}`)}\n${line(String)}\n`);
  expect(rows[0]).toEqual(Array.from({ length: 100 }, (_x, i) => i));
});

test.each([3, 60])('a line of %i megabytes', async (megabytes) => {
  const long = 'x'.repeat(megabytes * 1_000_000);
  const { rows } = await convert(`a,b\n${long},1\ny,2\n`);
  expect((rows[0]![0] as string).length).toBe(long.length);
});

test('lines within quotes that look like rows are none', async () => {
  const fake = Array.from({ length: 40 }, (_x, line) => `${line},fake,${line}\n`).join('');
  const row = (n: number): string => (n % 7 === 0 ? `${n},"${fake}",${n}\n` : `${n},plain,${n}\n`);
  const source = `id,t,n\n${Array.from({ length: 600_000 }, (_x, n) => row(n)).join('')}`;
  // More than DuckDB reads at a time: its second thread would begin within quotes.
  expect(source.length).toBeGreaterThan(32 * 1024 * 1024);
  const { result } = await convert(source);
  expect(result).toMatchObject({ rows: 600_000, sourceRecords: 600_000 });
});

test('row order is kept over many row groups', async () => {
  const numbers = Array.from({ length: 300_000 }, (_x, index) => (index * 7919) % 300_007);
  const { rows } = await convert(`n,t\n${numbers.map((n) => `${n},t${n}\n`).join('')}`);
  expect(rows.map(([n]) => n)).toEqual(numbers);
});
