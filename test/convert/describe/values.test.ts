/** A profile is what an independent computation finds; of personal data nothing shows in a description. */
import { describe, expect, test } from 'vitest';
import { convert } from '../../helpers/convert.js';

const NUMBERS = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5];
const WORDS = ['ab', 'c', 'défg', 'c', '', 'c', 'ab', 'h', 'i', 'j', 'k'];

test('counts, bounds, mean, deviation, lengths and frequent values are right', async () => {
  const lines = NUMBERS.map((number, index) => `${number},${WORDS[index]!}`);
  const { description } = await convert(`n,w\n${lines.join('\n')}\n`);
  const mean = NUMBERS.reduce((sum, number) => sum + number, 0) / NUMBERS.length;
  const squares = NUMBERS.reduce((sum, number) => sum + (number - mean) ** 2, 0);
  const [numbers, words] = description.columns;
  expect(numbers!.stats).toMatchObject({
    ...{ nullCount: 0, distinct: new Set(NUMBERS).size, min: 1, max: 9 },
    ...{ mean: expect.closeTo(mean, 10), stddev: expect.closeTo(Math.sqrt(squares / 10), 10) },
    mostFrequent: [
      { value: '5', count: 3 },
      { value: '1', count: 2 },
      { value: '3', count: 2 },
      { value: '2', count: 1 },
      { value: '4', count: 1 },
    ],
  });
  expect(words!.stats).toMatchObject({
    ...{ nullCount: 1, min: 'ab', max: 'k', minLength: 1, maxLength: 4 },
    mostFrequent: expect.arrayContaining([{ value: 'c', count: 3 }]),
  });
  expect(words!.examples).toEqual(['ab', 'c', 'défg', 'h', 'i']);
});

describe('personal data', () => {
  const letters = 'abcdefghij';
  const persons = Array.from(letters, (letter, index) => ({
    Email: `${letter}.person@secret${index}.org`,
    contact: `+33 6 12 34 56 7${index}`,
    account: ['GB82WEST12345698765432', 'DE89370400440532013000', 'FR1420041010050500013M02606'][
      index % 3
    ]!,
    payment: ['4111111111111111', '5500005555555559', '378282246310005'][index % 2]!,
    client: `192.168.77.${index}`,
    'First Name': `Gwendolyn${letter}`,
    'Date of birth': `1977-03-1${index}`,
    city: 'Paris',
  }));
  const names = Object.keys(persons[0]!);
  const source = [names.join(','), ...persons.map((one) => Object.values(one).join(','))].join(
    '\n',
  );

  test('is found by value and by header, and flagged', async () => {
    const { description } = await convert(`${source}\n`);
    expect(
      description.columns.map(({ originalName, personalData }) => [originalName, personalData]),
    ).toEqual([
      ['Email', 'email'],
      ['contact', 'phone'],
      ['account', 'iban'],
      ['payment', 'card'],
      ['client', 'ip'],
      ['First Name', 'name'],
      ['Date of birth', 'birth-date'],
      ['city', undefined],
    ]);
  });

  test('shows in no part of the description, not even when a check fails on it', async () => {
    const rules = ['Email', 'contact', 'First Name', 'account'].map((column) => ({
      regex: { column, pattern: 'nothing like it' },
    }));
    const values = [{ accepted_values: { column: 'client', values: ['x'] } }];
    const entry = { checks: { severity: 'warn', rules: [...rules, ...values] } };
    const { description, rows } = await convert(`${source}\n`, { entry });
    expect(description.checks.filter(({ passed }) => !passed)).toHaveLength(5);
    const text = JSON.stringify(description);
    for (const secret of rows.flatMap((row) => row.slice(0, 6))) {
      expect(text).not.toContain(String(secret));
    }
    expect(text).not.toContain('1977');
    expect(description.columns[0]!.examples[0]).toBe('x.xxxxxx@xxxxxx9.xxx');
    const bounds = description.partStatistics[0]!;
    expect(bounds[description.columns[0]!.name]).toEqual({ nulls: 0 });
    expect(bounds['city']).toEqual({ nulls: 0, min: 'Paris', max: 'Paris' });
  });

  test('is masked where a single value of a column is personal', async () => {
    const secret = 'write to ada.king@lovelace.org';
    const cells = Array.from({ length: 60 }, (_x, index) => (index === 3 ? secret : `${index} a`));
    const lines = cells.map((cell) => `${cell},.\n`).join('');
    const regex = { column: 'remark', pattern: '[0-9]+ a' };
    const entry = { checks: { severity: 'warn', rules: [{ regex }] } };
    const { description } = await convert(`remark,end\n${lines}`, { entry });
    const remark = description.columns[0]!;
    expect(remark.personalData).toBeUndefined();
    expect(remark.examples).toContain('xxxxx xx xxx.xxxx@xxxxxx...');
    expect(remark.stats['max']).toBe('xxxxx xx xxx.xxxx@xxxxxx...');
    expect(description.checks[0]).toMatchObject({ passed: false });
    expect(JSON.stringify(description)).not.toContain('lovelace');
  });

  test.each([100, 200])('is masked where it is cut after %i characters', async (length) => {
    const words = 'quagga '.repeat(length).slice(0, length - 12);
    const secret = `${words} ada@lovelace.org`;
    const cells = Array.from({ length: 60 }, (_x, row) => (row === 0 ? secret : `${row} a`));
    const lines = cells.map((cell) => `${cell},.\n`).join('');
    const rules = [{ accepted_values: { column: 'remark', values: ['x'] } }];
    const entry = { checks: { severity: 'warn', rules } };
    const { description } = await convert(`remark,end\n${lines}`, { entry });
    expect(JSON.stringify(description)).not.toContain('ada@');
  });

  test('is not seen in numbers that only look like it', async () => {
    const rows = Array.from(
      { length: 20 },
      (_x, index) => `411111111111111${index % 10},1.2.3,${index}`,
    );
    const { description } = await convert(`order,version,n\n${rows.join('\n')}\n`);
    expect(description.columns.map(({ personalData }) => personalData)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
