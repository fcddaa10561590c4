/** Types and spellings that a person has pinned: proven like any other. */
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

describe('a pinned type', () => {
  test('wins over what would be found', async () => {
    expect((await column(['1', '2'], { columns: { x: 'VARCHAR' } })).type).toBe('VARCHAR');
    expect((await column(['1', '2'], { columns: { x: 'BIGINT' } })).type).toBe('BIGINT');
    expect((await column(['1.5', '2'], { columns: { x: 'DECIMAL(10,2)' } })).type).toBe(
      'DECIMAL(10,2)',
    );
  });

  test('with a format reads ambiguous dates', async () => {
    const entry = { columns: { x: { type: 'DATE', format: '%d/%m/%Y' } } };
    const { type, cells } = await column(['01/02/2024', '03/04/2024'], entry);
    expect(type).toBe('DATE');
    expect((cells[0] as Date).toISOString().slice(0, 10)).toBe('2024-02-01');
  });

  test('BOOLEAN takes any usual spelling, because a person has said so', async () => {
    const { type, cells } = await column(['Yes', 'no', 'Y', '0'], { columns: { x: 'BOOLEAN' } });
    expect([type, cells]).toEqual(['BOOLEAN', [true, false, true, false]]);
  });

  test('DATE with a format that has a time of day does not lose the time', async () => {
    const entry = { columns: { x: { type: 'DATE', format: '%d/%m/%Y %H:%M' } } };
    expect((await column(['01/02/2024 00:00'], entry)).type).toBe('DATE');
    await expect(column(['01/02/2024 10:30'], entry)).rejects.toMatchObject({
      code: 'PINNED_TYPE_MISMATCH',
    });
  });

  test('TIME with a format', async () => {
    const entry = { columns: { x: { type: 'TIME', format: '%H:%M' } } };
    expect((await column(['10:30', '23:59'], entry)).type).toBe('TIME');
  });

  test.each([
    [
      'thousands',
      ['"1,234,567"', '12', '1001'],
      { type: 'BIGINT', thousands: ',' },
      [1234567n, 12n, 1001n],
    ],
    ['blanks for thousands', ['1 234.5', '-12'], { type: 'DOUBLE', thousands: ' ' }, [1234.5, -12]],
    [
      'points for thousands',
      ['"1.234,5"', '12'],
      { type: 'DOUBLE', thousands: '.', decimal: ',' },
      [1234.5, 12],
    ],
    ['a prefix', ['€12', '-€9'], { type: 'INTEGER', prefix: '€' }, [12, -9]],
    ['a suffix', ['3.5%', '-1.2%'], { type: 'DOUBLE', suffix: '%' }, [3.5, -1.2]],
    [
      'all of them',
      ['" $ 1,200.50 USD"', '$3 USD'],
      { type: 'DOUBLE', prefix: '$', suffix: 'USD', thousands: ',', trim: true },
      [1200.5, 3],
    ],
    ['blanks around words', [' a', 'b '], { type: 'VARCHAR', trim: true }, ['a', 'b']],
    ['yes and no', ['yes', 'no'], { type: 'BOOLEAN' }, [true, false]],
    [
      'months without days by format',
      ['Jan 2024', 'feb 2024'],
      { type: 'DATE', format: '%b %Y' },
      [new Date('2024-01-01'), new Date('2024-02-01')],
    ],
    [
      'years of two digits by format',
      ['1/2/99', '01/12/24'],
      { type: 'DATE', format: '%d/%m/%y' },
      [new Date('1999-02-01'), new Date('2024-12-01')],
    ],
  ])('reads %s', async (_name, cells, pin, values) => {
    const found = await column(cells, { columns: { x: pin } });
    expect(found.cells).toEqual(values);
    expect(found.proof.rule).toMatch(/^pinned /);
  });

  test.each([
    ['a group of two digits', ['"1,23"'], { type: 'BIGINT', thousands: ',' }],
    ['groups that are not all there', ['"1234,567"'], { type: 'BIGINT', thousands: ',' }],
    ['no prefix', ['€12', '9'], { type: 'INTEGER', prefix: '€' }],
    ['nothing but a suffix', ['%'], { type: 'DOUBLE', suffix: '%' }],
    ['a day that does not exist', ['31/04/2024'], { type: 'DATE', format: '%d/%m/%Y' }],
  ])('refuses %s', async (_name, cells, pin) => {
    await expect(column(cells, { columns: { x: pin } })).rejects.toMatchObject({
      code: 'PINNED_TYPE_MISMATCH',
    });
  });

  test('by names that every object has', async () => {
    const columns = JSON.parse(
      '{"constructor": "VARCHAR", "__proto__": "BIGINT", "é😀": "DOUBLE"}',
    ) as object;
    const source = 'constructor,__proto__,é😀,toString\n1,2,3,4\n';
    const { description } = await convert(source, { entry: { columns } });
    expect(description.columns.map(({ type }) => type)).toEqual([
      'VARCHAR',
      'BIGINT',
      'DOUBLE',
      'TINYINT',
    ]);
  });

  test('FLOAT holds for what FLOAT keeps', async () => {
    expect((await column(['1.50', '0.1'], { columns: { x: 'FLOAT' } })).type).toBe('FLOAT');
    await expect(column(['0.123456789'], { columns: { x: 'FLOAT' } })).rejects.toMatchObject({
      code: 'PINNED_TYPE_MISMATCH',
    });
  });

  test('decimal commas are numbers once they are pinned', async () => {
    const entry = { csv: { delimiter: ';', decimal: ',' } };
    const { description, rows } = await convert('x;y\n1,5;1.000,5\n-2;2\n', { entry });
    expect(description.columns.map(({ type }) => type)).toEqual(['DOUBLE', 'VARCHAR']);
    expect(description.columns[0]!.proof.rule).toBe('decimal comma');
    expect(rows).toEqual([
      [1.5, '1.000,5'],
      [-2, '2'],
    ]);
  });

  test('that does not fit fails with column, row and value', async () => {
    await expect(column(['1', 'two'], { columns: { x: 'INTEGER' } })).rejects.toMatchObject({
      code: 'PINNED_TYPE_MISMATCH',
      message: expect.stringMatching(/column x, row 2: expected INTEGER, found "two"/),
    });
  });
});
