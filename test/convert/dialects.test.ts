/** Any dialect, any encoding: the cells are those of the file, the ledger balances, rejects are kept. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';
import { convert, readParquet, temporaryFolder } from '../helpers/convert.js';

const CELLS = [
  ['name', 'note', 'n'],
  ['José', 'a "quoted" word', '1'],
  ['Zoë', 'two\nlines', '2'],
  ['x', 'a, b; c\td | e', '3'],
];

function write(delimiter: string, newline: string): string {
  const quote = (cell: string): string =>
    /["\n,;\t|]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
  return CELLS.map((record) => record.map(quote).join(delimiter)).join(newline) + newline;
}

const expected = CELLS.slice(1).map(([name, note, n]) => [name, note, Number(n)]);

describe('the same table', () => {
  test.each([
    ['comma', ',', '\n'],
    ['semicolon', ';', '\n'],
    ['tab', '\t', '\n'],
    ['pipe', '|', '\n'],
    ['CRLF', ',', '\r\n'],
    ['CR', ',', '\r'],
    ['CR CR LF', ',', '\r\r\n'],
  ])('with %s', async (_name, delimiter, newline) => {
    const { rows, result } = await convert(write(delimiter, newline));
    expect(rows).toEqual(expected);
    expect(result).toMatchObject({ sourceRecords: 3, rows: 3, rejects: 0 });
  });

  test.each(['utf-16le', 'utf-16be', 'windows-1252', 'iso-8859-1'])('in %s', async (encoding) => {
    const addBOM = encoding.startsWith('utf');
    const { rows } = await convert(iconv.encode(write(',', '\n'), encoding, { addBOM }));
    expect(rows).toEqual(expected);
  });

  test('with a byte order mark', async () => {
    const { rows, description } = await convert(`\uFEFF${write(',', '\n')}`);
    expect(rows).toEqual(expected);
    expect(description.columns[0]!.name).toBe('name');
  });

  test('without a last newline', async () => {
    expect((await convert(write(',', '\n').trimEnd())).rows).toEqual(expected);
  });

  test('with mixed line ends', async () => {
    const { rows } = await convert('a,b\r\n1,x\n2,y\r\n3,z\n');
    expect(rows).toEqual([
      [1, 'x'],
      [2, 'y'],
      [3, 'z'],
    ]);
  });

  test('with backslash escapes', async () => {
    const { rows } = await convert('a,b\n"say \\"hi\\"",1\n"x",2\n');
    expect(rows).toEqual([
      ['say "hi"', 1],
      ['x', 2],
    ]);
  });

  test('after comment lines, a title and a blank line', async () => {
    const { rows, description } = await convert(
      '# made by\n# someone\nThe title\n\na;b\n1;2\n3;4\n',
    );
    expect(rows).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(description.dialect).toMatchObject({ skippedLines: 4, delimiter: ';' });
  });
});

describe('names', () => {
  test('duplicate, empty and very long ones are made unique; the original is kept', async () => {
    const long = 'l'.repeat(500);
    const { description } = await convert(`a,A,,${long},a\n1,2,3,4,5\n`);
    const names = description.columns.map(({ name }) => name);
    expect(names).toEqual(['a', 'A_2', 'column_3', 'l'.repeat(200), 'a_3']);
    expect(description.columns[3]!.originalName).toBe(long);
  });

  test('a file without a header gets numbered columns', async () => {
    const { description, rows } = await convert('1,a\n2,b\n3,c\n');
    expect(description.columns.map(({ name }) => name)).toEqual(['column_1', 'column_2']);
    expect(rows).toHaveLength(3);
  });

  test('row names without a header of their own are a column', async () => {
    const { rows } = await convert('a,b\nr1,1,2\nr2,3,4\n');
    expect(rows).toEqual([
      ['r1', 1, 2],
      ['r2', 3, 4],
    ]);
  });

  test('years as names are names', async () => {
    const { description } = await convert('country,1990,1991\nFR,1,2\nDE,3,4\n');
    expect(description.columns.map(({ name }) => name)).toEqual(['country', '1990', '1991']);
  });
});

describe('shapes', () => {
  test('a header alone is a table without rows', async () => {
    const { result } = await convert('a,b,c\n');
    expect(result).toMatchObject({ rows: 0, columns: 3, sourceRecords: 0 });
  });

  test('an empty file is refused', async () => {
    await expect(convert('')).rejects.toMatchObject({ code: 'FORMAT_UNREADABLE' });
  });

  test('one column, with an empty line as a null', async () => {
    const { rows } = await convert('a\nx\n\nz\n');
    expect(rows).toEqual([['x'], [null], ['z']]);
  });

  test('one hundred columns', async () => {
    const line = (value: (index: number) => string): string =>
      Array.from({ length: 100 }, (_x, i) => value(i)).join(',');
    const { rows } = await convert(`${line((i) => `c${i}`)}\n${line(String)}\n`);
    expect(rows[0]).toEqual(Array.from({ length: 100 }, (_x, i) => i));
  });

  test('a line of three megabytes', async () => {
    const long = 'x'.repeat(3_000_000);
    const { rows } = await convert(`a,b\n${long},1\ny,2\n`);
    expect((rows[0]![0] as string).length).toBe(long.length);
  });

  test('row order is kept over many row groups', async () => {
    const numbers = Array.from({ length: 300_000 }, (_x, index) => (index * 7919) % 300_007);
    const { rows } = await convert(`n,t\n${numbers.map((n) => `${n},t${n}\n`).join('')}`);
    expect(rows.map(([n]) => n)).toEqual(numbers);
  });
});

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

describe('what is written', () => {
  test('says where it comes from, in pages of version 2 and the configured codec', async () => {
    const { metadata } = await convert('a,b\n1,x\n', { config: { compression: 'zstd' } });
    const pairs = Object.fromEntries(
      metadata.key_value_metadata!.map(({ key, value }) => [key, value]),
    );
    expect(pairs).toMatchObject({ source: 'test', version: '1' });
    expect(metadata.row_groups[0]!.columns[0]!.meta_data!.codec).toBe('ZSTD');
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
