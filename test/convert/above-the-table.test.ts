/** What stands above a table, and where nothing tells what it is: the header is found, or the import says so. */
import { describe, expect, test } from 'vitest';
import { convert } from '../helpers/convert.js';

const headerGuess = expect.stringContaining('the header is a guess: line 1') as string;

describe('a comment that names the columns is the header', () => {
  test.each([
    ['above numbers', '#,Name,HP\n1,Bulbasaur,45\n2,Ivysaur,60\n', ['#', 'Name', 'HP']],
    ['above words', '#name\tcity\nAnn\tParis\nBob\tRome\n', ['#name', 'city']],
    ['with blanks', '# a,b\n1.5,2\n3.5,4\n', ['# a', 'b']],
    ['below other comments', '##made by x\n#chrom\tpos\nchr1\t100\nchr1\t200\n', ['#chrom', 'pos']],
  ])('%s', async (_name, source, names) => {
    const { description, result } = await convert(source);
    expect(description.columns.map(({ originalName }) => originalName)).toEqual(names);
    expect(result.rows).toBe(2);
  });

  test('but not prose above a header', async () => {
    const { description } = await convert('# Data from X, 2020\nname,n\nAnn,1\nBob,2\n');
    expect(description.columns.map(({ originalName }) => originalName)).toEqual(['name', 'n']);
    expect(description.dialect).toMatchObject({ skippedText: '# Data from X, 2020' });
  });
});

test('a row far below comments that starts like one is a row', async () => {
  const rows = Array.from({ length: 100_000 }, (_x, n) => `row number ${n},${n}\n`).join('');
  const { result } = await convert(`# made by x\nt,n\n${rows}#1 of all,7\n`);
  expect(result).toMatchObject({ rows: 100_001, sourceRecords: 100_001 });
});

test('the line by which Excel knows the delimiter is none of the table', async () => {
  const { description, rows, result } = await convert('sep=;\na;b\n1;2,5\n3;4,5\n');
  expect(description.dialect).toMatchObject({ delimiter: ';', skippedText: 'sep=;' });
  expect(rows).toEqual([
    [1, '2,5'],
    [3, '4,5'],
  ]);
  expect(result.warnings.join()).not.toMatch(/delimiter|title|header/);
});

describe('is said where nothing tells', () => {
  test('lines above the table that could be records are rejects', async () => {
    await expect(convert('1,2\n1,2,3,4\n5,6,7,8\n')).rejects.toMatchObject({
      code: 'TOO_MANY_REJECTS',
      message: expect.stringContaining('line 1: 2 fields, expected 4'),
    });
  });

  test('a header among words', async () => {
    expect((await convert('Tokyo,Japan\nParis,France\n')).result.warnings).toEqual([headerGuess]);
    const pinned = await convert('a,b\nParis,France\n', { entry: { csv: { header: true } } });
    expect(pinned.result.warnings).toEqual([]);
  });

  test('quotes behind blanks', async () => {
    const { rows, result } = await convert('a, b, n\nx, "y", 1\nz, "w", 2\n');
    expect(rows[0]![1]).toBe('y');
    expect(result.warnings).toContainEqual(expect.stringContaining('quotes stand behind'));
  });

  test.each([
    ['quote', "a,n\n'x',1\ny,2\n"],
    ['escape', 'a,n\n"x\\\\",1\n"y",2\n'],
  ])('another %s that would do as well', async (which, source) => {
    const { result } = await convert(source);
    expect(result.warnings).toContainEqual(expect.stringContaining(`the ${which} is a guess`));
  });
});

test('days above days are a record, names above days a header', async () => {
  expect((await convert('2020-01-01,x\n2020-01-02,y\n')).result.rows).toBe(2);
  const { result } = await convert('day,t\n2020-01-01,x\n2020-01-02,y\n');
  expect(result).toMatchObject({ rows: 2, warnings: [] });
});

test('single quotes that are doubled within', async () => {
  const { rows } = await convert("a,n\n'O''Neil',1\nblue,2\n");
  expect(rows).toEqual([
    ["O'Neil", 1],
    ['blue', 2],
  ]);
});
