/** Any dialect: the cells are those of the file, and the ledger balances. */
import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';
import { convert } from '../helpers/convert.js';

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

  test.each(['utf-16le', 'utf-16be', 'utf-32le', 'utf-32be', 'windows-1252', 'iso-8859-1'])(
    'in %s',
    async (encoding) => {
      const addBOM = encoding.startsWith('utf');
      const { rows } = await convert(iconv.encode(write(',', '\n'), encoding, { addBOM }));
      expect(rows).toEqual(expected);
    },
  );

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

  test('with backslash escapes; before other characters a backslash is itself', async () => {
    const { rows } = await convert('a,b\n"say \\"hi\\"",1\n"C:\\new",2\nC:\\old,3\n"end\\\\",4\n');
    expect(rows).toEqual([
      ['say "hi"', 1],
      ['C:\\new', 2],
      ['C:\\old', 3],
      ['end\\', 4],
    ]);
  });

  test.each([
    ['a NUL byte', 'x\0y'],
    ['a lone return in quotes', '"x\ry"'],
    ['another line end in quotes', '"x\r\ny"'],
    ['quotes in the middle', 'x"y"'],
    ['a quote at the end', '6"'],
    ['blanks around', ' x '],
    ['a byte order mark in the middle', 'x\uFEFFy'],
  ])('with %s in a cell', async (_name, cell) => {
    const { rows } = await convert(`a,b\n${cell},1\nz,2\n`);
    expect(rows).toEqual([
      [cell.replace(/^"(.*)"$/s, '$1'), 1],
      ['z', 2],
    ]);
  });

  test('with lone returns behind an escaped quote: they are no line ends', async () => {
    const entry = { csv: { quote: "'", escape: '\\' } };
    const { rows } = await convert("a,b\n1,'\\'\t'\n2,'\rx\r'\n3,y\n", { entry });
    expect(rows).toEqual([
      [1, "'\t"],
      [2, '\rx\r'],
      [3, 'y'],
    ]);
  });

  test('with backslash escapes only', async () => {
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

describe('lines that are no records end at their line end, whatever quotes they hold', () => {
  test.each([
    ['comments', '# c\na,b\n1,2\n#,"open\n3,4\n', { comment: '#' }],
    ['skipped lines', 'Made by,"open\na,b\n1,2\n3,4\n', { skip_lines: 1 }],
  ])('%s', async (_name, source, csv) => {
    const { rows, result } = await convert(source, { entry: { csv } });
    expect(rows).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(result.sourceRecords).toBe(2);
  });

  test('titles that a spreadsheet has padded are kept as skipped text', async () => {
    const { description, rows } = await convert(',,\nSales,,\nyear,region,n\n2001,x,1\n2002,y,2\n');
    expect(description.dialect).toMatchObject({ skippedLines: 2, skippedText: ',,\nSales,,' });
    expect(rows).toEqual([
      [2001, 'x', 1],
      [2002, 'y', 2],
    ]);
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

  test('that DuckDB keeps for itself are changed', async () => {
    const { description, rows } = await convert('file_row_number,b\n7,8\n');
    const [first] = description.columns;
    expect(first).toMatchObject({
      name: 'file_row_number_2',
      originalName: 'file_row_number',
    });
    expect(rows).toEqual([[7, 8]]);
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

  test('rows that end with a delimiter each leave the names where they are', async () => {
    const { description, rows } = await convert('a,b\n1,2,\n3,4,\n');
    expect(description.columns.map(({ name }) => name)).toEqual(['a', 'b', 'column_3']);
    expect(rows).toEqual([
      [1, 2, null],
      [3, 4, null],
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

  test.each([
    ['an empty file', ''],
    ['bytes of no text in one line', '\0\x01\x02\x89PNG'],
    ['zeros', '\0\0\0\0\n'],
  ])('%s is refused', async (_what, source) => {
    const bytes = Buffer.from(source, 'latin1');
    await expect(convert(bytes)).rejects.toMatchObject({ code: 'FORMAT_UNREADABLE' });
  });

  test('one column, with an empty line as a null', async () => {
    const { rows } = await convert('a\nx\n\nz\n');
    expect(rows).toEqual([['x'], [null], ['z']]);
  });

  test('one column of words with blanks, or of times of day, is one column', async () => {
    const words = await convert('text\nhello world\ngood morning\n');
    expect(words.rows).toEqual([['hello world'], ['good morning']]);
    const times = await convert('10:20\n10:30\n11:40\n');
    expect(times.description.columns).toHaveLength(1);
  });

  test('blanks and colons separate where there are names and numbers', async () => {
    const blanks = await convert('a b c\n1 2 3\n4 "5 6" 7\n8 9 10\n');
    expect(blanks.description.dialect).toMatchObject({ delimiter: ' ' });
    expect((await convert('k:v\na:1\nb:2\n')).rows).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
  });
});
