/** The type rules of docs/conversion.md, one by one: what becomes typed, what stays text, and why. */
import { describe, expect, test } from 'vitest';
import { convert } from '../helpers/convert.js';

/** Converts one column, gives its type, its cells as hyparquet reads them, and its proof. */
async function column(cells: readonly string[], entry: object = {}) {
  const { description, rows } = await convert(
    `x,end\n${cells.map((cell) => `${cell},.\n`).join('')}`,
    { entry },
  );
  const { type, proof } = description.columns[0]!;
  return { type, proof, cells: rows.map((row) => row[0]) };
}

describe('a column', () => {
  test.each([
    ['narrowest integers', ['1', '-128', '127'], 'TINYINT'],
    ['two bytes', ['1', '128'], 'SMALLINT'],
    ['four bytes', ['1', '32768'], 'INTEGER'],
    ['eight bytes', ['1', '2147483648', '-9223372036854775808'], 'BIGINT'],
    ['integers beyond 2^63', ['9223372036854775808', '1'], 'DECIMAL(38,0)'],
    ['integers beyond 38 digits', ['1'.repeat(39), '1'], 'VARCHAR'],
    ['leading zeros', ['007', '12'], 'VARCHAR'],
    ['plus signs', ['+1', '2'], 'VARCHAR'],
    ['hexadecimal', ['0x10', '12'], 'VARCHAR'],
    ['underscores', ['1_000', '12'], 'VARCHAR'],
    ['thousands separators', ['"1,000"', '12'], 'VARCHAR'],
    ['percentages', ['10%', '20%'], 'VARCHAR'],
    ['decimals', ['1.5', '2', '-0.25', '1.50', '1e5'], 'DOUBLE'],
    ['decimals that DOUBLE would change', ['0.12345678901234567890', '1.1'], 'DECIMAL(21,20)'],
    ['numbers out of range', ['1e400', '1'], 'VARCHAR'],
    ['numbers that would become zero', ['1e-400', '1.5'], 'VARCHAR'],
    ['infinity and not a number', ['inf', 'nan', '1.5'], 'DOUBLE'],
    [
      '17 digits that DOUBLE keeps, as Java and R spell them',
      ['1.7976931348623157E308', '1'],
      'DOUBLE',
    ],
    ['small numbers with leading zeros', ['0.00000012345678901234', '1.5'], 'DOUBLE'],
    ['numbers without digits on one side', ['.5', '1.', '-.5'], 'DOUBLE'],
    ['minus zero', ['-0', '1'], 'DOUBLE'],
    ['long decimals of unequal scale', ['1234567890.1234567890', '-1.5'], 'DECIMAL(20,10)'],
    ['more than 38 digits', [`1.${'1'.repeat(38)}`, '1'], 'VARCHAR'],
    ['true and false', ['true', 'false'], 'BOOLEAN'],
    ['True and False', ['True', 'False'], 'BOOLEAN'],
    ['mixed spellings of booleans', ['True', 'false'], 'VARCHAR'],
    ['one spelling of booleans with blanks', ['true', ' false'], 'VARCHAR'],
    ['yes and no', ['yes', 'no'], 'VARCHAR'],
    ['one letter', ['t', 'f'], 'VARCHAR'],
    ['ISO dates', ['2024-02-29', '1999-12-31'], 'DATE'],
    ['dates that do not exist', ['2023-02-29', '1999-12-31'], 'VARCHAR'],
    ['ambiguous dates', ['01/02/2024', '03/04/2024'], 'VARCHAR'],
    ['dates without separators', ['20240101', '20240102'], 'INTEGER'],
    [
      'timestamps',
      ['2024-01-31 10:20:30', '2024-01-31T10:20', '2024-01-31 10:20:30.250'],
      'TIMESTAMP',
    ],
    ['infinite dates', ['infinity', '2024-01-01'], 'VARCHAR'],
    ['dates before year 1', ['0044-03-15 (BC)', '2024-01-01'], 'VARCHAR'],
    ['dates after year 9999', ['10000-01-01', '2024-01-01'], 'VARCHAR'],
    ['the hour 24', ['2024-01-31 24:00:00', '2024-01-31 10:00:00'], 'VARCHAR'],
    ['the second 60', ['2024-01-31 23:59:60', '2024-01-31 10:00:00'], 'VARCHAR'],
    ['words for moments', ['epoch', '2024-01-31 10:00:00'], 'VARCHAR'],
    ['abbreviated zones', ['2024-01-31 10:20:30 EST', '2024-01-31 10:20:30Z'], 'VARCHAR'],
    ['offsets that no place has', ['2024-01-31 10:20:30+25:00', '2024-01-31 10:20:30Z'], 'VARCHAR'],
    ['the time 24:00:00', ['24:00:00', '10:20:30'], 'VARCHAR'],
    ['nanoseconds', ['2024-01-31 10:20:30.123456789', '2024-01-31 10:20:30'], 'VARCHAR'],
    [
      'timestamps with zone',
      ['2024-01-31T10:20:30Z', '2024-01-31 10:20:30+02:00'],
      'TIMESTAMP WITH TIME ZONE',
    ],
    ['times of day, which Spark does not read', ['10:20:30', '23:59:59'], 'VARCHAR'],
    ['nothing at all', ['', ''], 'VARCHAR'],
    ['integers behind blanks', [' 1', '200 '], 'SMALLINT'],
    ['decimals behind blanks', [' 1.5', '  2', '\t3'], 'DOUBLE'],
    ['long decimals behind blanks', [' 0.12345678901234567890', '1.1'], 'DECIMAL(21,20)'],
    ['dates behind blanks', [' 2024-02-29', '1999-12-31'], 'DATE'],
    ['null tokens behind blanks', [' 1', ' ?', '  '], 'TINYINT'],
    ['words behind blanks', [' a', ' ?'], 'VARCHAR'],
    ['leading zeros behind blanks', [' 007', ' 12'], 'VARCHAR'],
    ['blanks within numbers', ['1 000', ' 12'], 'VARCHAR'],
    ['day first', ['01/02/2024', '13/02/2024'], 'DATE'],
    ['day first with points, not padded', ['1.2.2024', '13.12.2024'], 'DATE'],
    ['month first', ['01-02-2024', '02-13-2024'], 'DATE'],
    ['month first, not padded', ['1/2/2024', '12/25/2024'], 'DATE'],
    ['padded and not', ['1/2/2024', '12/05/2024', '1/25/2024'], 'VARCHAR'],
    ['day first and month first', ['13/01/2024', '01/13/2024'], 'VARCHAR'],
    ['two separators', ['13/01/2024', '14-01-2024'], 'VARCHAR'],
    ['separators within one', ['13/01-2024', '14/01-2024'], 'VARCHAR'],
    ['a 31st of April', ['13/01/2024', '31/04/2024'], 'VARCHAR'],
    ['a 29th of February of a usual year', ['13/01/2024', '29/02/2023'], 'VARCHAR'],
    ['years of two digits', ['13/01/24', '14/01/24'], 'VARCHAR'],
    ['the year 0', ['13/01/0000', '14/01/2024'], 'VARCHAR'],
    ['year first with slashes', ['2024/01/02', '2024/03/04'], 'DATE'],
    ['year first, not padded, with a proof', ['2024-1-2', '2024-1-13'], 'DATE'],
    ['what may be releases', ['2024.1.2', '2023.3.4'], 'VARCHAR'],
    ['day first with a time', ['13/01/2024 10:20', '01/02/2024 00:00'], 'TIMESTAMP'],
    ['day first with the hour 24', ['13/01/2024 24:00', '01/02/2024 00:00'], 'VARCHAR'],
    [
      'month first with half days',
      ['01/13/2024 1:30:00 PM', '01/13/2024 12:00:00 AM'],
      'TIMESTAMP',
    ],
    ['milliseconds', ['13.01.2024 10:20:30.250', '13.01.2024 10:20:30.000'], 'TIMESTAMP'],
    ['English months', ['31 Jan 2024', '01 FEB 2024'], 'DATE'],
    ['English months in full', ['"January 31, 2024"', '"May 1, 2024"'], 'DATE'],
    ['months behind blanks', ['" August 4, 2017"', '"May 31, 2017"'], 'DATE'],
    ['English months between hyphens', ['31-Jan-2024', '01-Feb-2024'], 'DATE'],
    ['months of two languages', ['31 Jan 2024', '01 Mai 2024'], 'VARCHAR'],
    ['months without days', ['Jan 2024', 'Feb 2024'], 'VARCHAR'],
  ])('of %s: %j becomes %s', async (_name, cells, type) => {
    expect((await column(cells)).type).toBe(type);
  });

  test('keeps integers beyond 2^53 exactly', async () => {
    expect((await column(['9007199254740993', '1'])).cells).toEqual([9007199254740993n, 1n]);
  });

  test('a value that breaks the type after the sample demotes the column, with row and value', async () => {
    const cells = Array.from({ length: 25_000 }, (_cell, index) => String(index % 100));
    cells[24_000] = '007';
    const { type, proof, cells: written } = await column(cells);
    expect(type).toBe('VARCHAR');
    expect(written[24_000]).toBe('007');
    expect(proof.demotions[0]).toMatchObject({ row: 24_001, value: '007' });
  });

  test('one value can end several hopes at once: each is recorded with it', async () => {
    const cells = Array.from({ length: 25_000 }, () => '2');
    cells[20_500] = '0012';
    const { proof } = await column(cells);
    expect(proof.demotions.map(({ type, row, value }) => [type, row, value])).toEqual(
      ['BIGINT', 'DECIMAL(38,0)', 'DOUBLE', 'DECIMAL'].map((type) => [type, 20_501, '0012']),
    );
  });

  test('a proof of the order after the sample makes dates, one against it text', async () => {
    const cells = Array.from({ length: 21_000 }, (_x, index) => `0${1 + (index % 9)}/02/2024`);
    expect((await column(cells)).type).toBe('VARCHAR');
    expect((await column([...cells, '13/02/2024'])).proof).toMatchObject({
      type: 'DATE',
      rule: 'date %d/%m/%Y',
    });
    expect((await column([...cells, '02/13/2024'])).proof).toMatchObject({
      type: 'DATE',
      rule: 'date %m/%d/%Y',
    });
    expect((await column([...cells, '13/02/2024', '02/13/2024'])).type).toBe('VARCHAR');
  });

  test('a blank after the sample keeps numbers numbers', async () => {
    const cells = Array.from({ length: 21_000 }, () => '1000');
    const { proof, cells: written } = await column([...cells, ' 7']);
    expect(proof).toMatchObject({ type: 'SMALLINT', rule: 'integer behind blanks' });
    expect(written.at(-1)).toBe(7);
  });

  test('minus zero is zero in every row, whatever the dictionary', async () => {
    const cells = Array.from(
      { length: 5_000 },
      (_x, index) => ['-0.0', '0.0', '0', '1.5', '-0'][index % 5]!,
    );
    const { cells: written } = await column(cells);
    expect(written.filter((value) => Object.is(value, -0))).toEqual([]);
    expect(written.filter((value) => value === 0)).toHaveLength(4_000);
  });

  test('1.9 after the sample widens an integer column to DOUBLE', async () => {
    const cells = Array.from({ length: 25_000 }, () => '2');
    cells[24_999] = '1.9';
    const { type, cells: written } = await column(cells);
    expect(type).toBe('DOUBLE');
    expect(written[24_999]).toBe(1.9);
  });
});

describe('missing values', () => {
  test('NA is null among numbers, with evidence; Namibia among words', async () => {
    const { description, rows } = await convert('age,country\n1,NA\nNA,FR\n3,None\n');
    expect(rows).toEqual([
      [1, 'NA'],
      [null, 'FR'],
      [3, 'None'],
    ]);
    expect(description.columns[0]!.proof.nullTokens).toEqual({ NA: 1 });
    expect(description.columns[1]!.proof.nullTokens).toEqual({});
  });

  test('an empty field is null, a quoted empty one an empty text', async () => {
    const { rows } = await convert('a,b\nx,1\n,2\n"",3\n');
    expect(rows.map(([a]) => a)).toEqual(['x', null, '']);
  });

  test('pinned null tokens hold for text too', async () => {
    const { rows } = await convert('a,b\nx,1\nmissing,2\n', {
      entry: { csv: { null_tokens: ['missing'] } },
    });
    expect(rows.map(([a]) => a)).toEqual(['x', null]);
  });
});
