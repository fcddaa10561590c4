/** What the sample did not show: types that are proven while they are written must not be believed. */
import { describe, expect, test } from 'vitest';
import { convert } from '../helpers/convert.js';

/** More than the sample has. */
const ROWS = 21_000;
const LATE = 20_500;

/** One column; `cell` gives the text of a 1-based row. */
async function column(cell: (row: number) => string, entry: object = {}) {
  const lines = Array.from({ length: ROWS }, (_x, index) => `${cell(index + 1)},.\n`);
  const { description, rows } = await convert(`x,end\n${lines.join('')}`, { entry });
  const { type, proof, stats } = description.columns[0]!;
  return { type, proof, stats, cell: (row: number) => rows[row - 1]![0] };
}

describe('after the sample', () => {
  test('a decimal among integers demotes them, with its row', async () => {
    const found = await column((row) => (row === LATE ? '1.9' : String(row % 10)));
    expect(found).toMatchObject({ type: 'DOUBLE', proof: { checkedCells: ROWS } });
    expect(found.proof.demotions[0]).toMatchObject({ type: 'BIGINT', row: LATE, value: '1.9' });
    expect([found.cell(LATE), found.cell(LATE + 1)]).toEqual([1.9, (LATE + 1) % 10]);
  });

  test('an address that demotes them is masked', async () => {
    const { type, proof } = await column((row) =>
      row === LATE ? 'ada@lovelace.org' : String(row % 1000),
    );
    expect(type).toBe('VARCHAR');
    expect(proof.demotions[0]).toMatchObject({ row: LATE, value: 'xxx@xxxxxxxx.xxx' });
  });

  test('a leading zero makes text of numbers', async () => {
    const found = await column((row) => (row === LATE ? '007' : '12'));
    expect(found.type).toBe('VARCHAR');
    expect(found.cell(LATE)).toBe('007');
  });

  test('a null token is counted, the cells around it are numbers', async () => {
    const found = await column((row) => (row === LATE ? 'NA' : row === LATE + 1 ? '' : '12'));
    expect(found).toMatchObject({
      type: 'TINYINT',
      proof: { nullTokens: { NA: 1 }, checkedCells: ROWS - 2 },
      stats: { nullCount: 2 },
    });
    expect(found.cell(LATE)).toBeNull();
  });

  test.each([
    ['three digits', (row: number) => (row === LATE ? '200' : '100'), 'SMALLINT'],
    ['row numbers', (row: number) => String(2 * row), 'INTEGER'],
    ['row numbers of nine digits', (row: number) => String(row * 40_000), 'INTEGER'],
    ['a first negative', (row: number) => (row === LATE ? '-100' : '100'), 'TINYINT'],
  ])('integers outgrow their likely type: %s', async (_name, cell, type) => {
    expect(await column(cell)).toMatchObject({ type, proof: { checkedCells: ROWS } });
  });

  test('quotes make no integer wider', async () => {
    const found = await column((row) => `"${row % 100}"`);
    expect(found.type).toBe('TINYINT');
  });

  test('a token that a person has named is missing, though it looks like a value', async () => {
    const entry = { csv: { null_tokens: ['-9'] } };
    const found = await column((row) => (row >= LATE ? '-9' : '12'), entry);
    expect(found).toMatchObject({ type: 'TINYINT', proof: { nullTokens: { '-9': 501 } } });
    expect(found.cell(LATE)).toBeNull();
  });
});

describe('after the start that looked like UTF-8', () => {
  const ascii = 'x,y\n' + 'abcdefgh,1\n'.repeat(40_000);

  test('another encoding is found', async () => {
    const source = Buffer.concat([Buffer.from(ascii), Buffer.from('café,2\n', 'latin1')]);
    const { rows, description } = await convert(source);
    expect(description.dialect).toMatchObject({ encodingEvidence: 'detected' });
    expect(rows.at(-1)).toEqual(['café', 2]);
  });

  test('a broken record among good ones is a reject', async () => {
    const good = 'café,2\n'.repeat(20);
    const source = Buffer.concat([
      Buffer.from(ascii + good),
      Buffer.from('caf\xe9,3\n', 'latin1'),
      Buffer.from(good),
    ]);
    const { result } = await convert(source, { entry: { checks: { max_rejects: 1 } } });
    expect(result).toMatchObject({ sourceRecords: 40_041, rows: 40_040, rejects: 1 });
  });
});
