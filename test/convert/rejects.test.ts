/** Records that are no rows: bounded, named by line and reason, kept aside with their raw text. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { convert, readParquet, temporaryFolder } from '../helpers/convert.js';

describe('rejects', () => {
  const ragged = 'a,b\n1,2\n3\n4,5,6\n7,8\n';

  test('stop the import, with line, reason and raw text, and say how to allow them', async () => {
    const folder = temporaryFolder();
    await expect(convert(ragged, { folder })).rejects.toMatchObject({
      code: 'TOO_MANY_REJECTS',
      message: expect.stringMatching(/line 3: 1 fields, expected 2: "3"; line 4: 3 fields/),
      nextStep: expect.stringContaining('max_rejects'),
    });
    expect(existsSync(join(folder, 'parquet', 'table.parquet'))).toBe(false);
  });

  test('are kept aside when allowed; the ledger counts them', async () => {
    const { result, rows, folder } = await convert(ragged, {
      entry: { checks: { max_rejects: 2 } },
    });
    expect(result).toMatchObject({ sourceRecords: 4, rows: 2, rejects: 2 });
    expect(rows).toEqual([
      [1, 2],
      [7, 8],
    ]);
    const kept = await readParquet(join(folder, result.rejectsPart!.file));
    expect(kept).toEqual([
      { line: 3n, reason: '1 fields, expected 2', raw: '3' },
      { line: 4n, reason: '3 fields, expected 2', raw: '4,5,6' },
    ]);
  });

  test('broken quotes and bytes that are not UTF-8 are rejects', async () => {
    const good = Array.from({ length: 40 }, (_x, index) => `é${index},1\n`).join('');
    const bytes = Buffer.concat([
      Buffer.from(`a,b\n${good}"x"y,2\n`),
      Buffer.from([0xc3, 0x28]),
      Buffer.from(',3\n'),
    ]);
    const { result } = await convert(bytes, { entry: { checks: { max_rejects: 2 } } });
    expect(result).toMatchObject({ rows: 40, rejects: 2 });
  });
});

test('a hundred thousand of them are kept', async () => {
  const count = 100_000;
  const source = `a,b\n${Array.from({ length: count }, (_x, n) => `${n},x\n${n}\n`).join('')}`;
  const { result } = await convert(source, { entry: { checks: { max_rejects: count } } });
  expect([result.rows, result.rejects, result.sourceRecords]).toEqual([count, count, 2 * count]);
  expect(result.rejectsPart!.rows).toBe(count);
});
