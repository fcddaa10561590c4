/** What stays text though a person might mean numbers or days is told, with lines that work when they are pasted. */
import { parse } from 'yaml';
import { describe, expect, test } from 'vitest';
import { convert } from '../helpers/convert.js';

/** What the values of a column are asked; the other decisions are about the file. */
const OF_VALUES = ['day order', 'decimal mark', 'null tokens', 'number spelling'];

async function told(source: string, entry: object = {}) {
  const { description, result, rows } = await convert(source, { entry });
  const decisions = description.decisions.filter(({ certainty }) => certainty === 'guess');
  const all = description.decisions.filter(({ about }) => OF_VALUES.includes(about));
  return { decisions, all, warnings: result.warnings, rows, description };
}

function lines(...cells: readonly string[]): string {
  return `x,n\n${cells.map((cell, row) => `"${cell}",${row}\n`).join('')}`;
}

describe.each([
  ['days of both orders', lines('01/02/2024', '03/04/2024'), '%d/%m/%Y', 'd/m/y', 'DATE'],
  [
    'days with a time',
    lines('1-2-2024 10:00', '3-4-2024 9:05'),
    '%d-%m-%Y %H:%M',
    'd/m/y',
    'TIMESTAMP',
  ],
  ['years of two digits', lines('13/02/24', '03/04/24'), '%d/%m/%y', 'd/m/y', 'DATE'],
  [
    'days padded and not',
    lines('1/2/2024', '13/02/2024', '2/04/2024'),
    '%d/%m/%Y',
    'd/m/y',
    'DATE',
  ],
  ['thousands', lines('1,234,567', '12', 'NA'), 'thousands: ","', 'for thousands', 'BIGINT'],
  ['money', lines('$1,200.50', '$980.00'), 'prefix: "$"', 'behind "$"', 'DOUBLE'],
  ['percentages', lines('3.5%', '-1%'), 'suffix: "%"', 'before "%"', 'DOUBLE'],
  ['prices', lines('€12', '€9'), 'prefix: "€"', 'behind "€"', 'BIGINT'],
  ['blanks for thousands', lines('1 234', '12'), 'thousands: " "', 'for thousands', 'BIGINT'],
  [
    'points for thousands',
    lines('1.234,5', '1.234.567'),
    'decimal: ","',
    'for thousands',
    'DOUBLE',
  ],
])('%s', (_name, source, pin, words, type) => {
  test('stay text, and the pin that is told makes them what they are', async () => {
    const { decisions, warnings, description } = await told(source);
    expect(description.columns[0]!.type).toBe('VARCHAR');
    expect(decisions).toHaveLength(1);
    expect(decisions[0]!.pin).toContain(pin);
    expect(decisions[0]!.alternatives.map(({ chosen }) => chosen).join()).toContain(words);
    expect(decisions[0]!.alternatives[0]!.rows.length).toBeGreaterThan(0);
    expect(warnings.join()).toContain(decisions[0]!.pin);
    const again = await told(source, parse(decisions[0]!.pin) as object);
    expect(again.description.columns[0]!.type).toBe(type);
    expect(again.decisions).toEqual([]);
  });
});

test('decimal commas are told once for a file that has no decimal points', async () => {
  const { decisions, warnings } = await told('a;b\n1,50;2,75\n3,00;4,10\n');
  expect(decisions.map(({ pin }) => pin)).toEqual(['csv: {decimal: ","}']);
  expect(warnings.join()).toContain('csv: {decimal: ","}');
  const again = await told('a;b\n1,50;2,75\n3,00;4,10\n', parse(decisions[0]!.pin) as object);
  expect(again.rows).toEqual([
    [1.5, 2.75],
    [3, 4.1],
  ]);
  expect((await told('a;b\n1,50;2.75\n3,00;4.10\n')).decisions.map(({ pin }) => pin)).toEqual([
    'columns: {a: {type: DOUBLE, decimal: ","}}',
  ]);
});

test('commas that could be either are told as both', async () => {
  const { decisions } = await told(lines('1,234', '5,678'));
  expect(decisions[0]!.alternatives.map(({ rows }) => rows[0])).toEqual([['1234'], ['1.234']]);
});

test('an order that a day above 12 has proven is sure, and no warning', async () => {
  const { all, warnings } = await told(lines('01/02/2024', '13/04/2024'));
  expect(all).toMatchObject([
    {
      about: 'day order',
      column: 'x',
      chosen: 'd/m/y',
      certainty: 'sure',
      evidence: 'a day above 12 in 1 of 2 cells',
    },
  ]);
  expect(warnings).toEqual([]);
});

test('words read as NULL are told with their evidence, and are no warning', async () => {
  const { all, warnings, rows } = await told('id\tyear\na\t\\N\nb\t1990\nc\t\\N\n');
  expect(rows.map(([, year]) => year)).toEqual([null, 1990, null]);
  expect(all).toMatchObject([
    { about: 'null tokens', chosen: String.raw`"\\N"`, certainty: 'likely' },
  ]);
  expect(warnings.join()).not.toContain('null tokens');
});

test('words, codes and versions are no question', async () => {
  const source = 'a,b,c,d\nx 1,007,1.2.3,12:30\ny 2,012,4.5.6,10:00\n';
  expect((await told(source)).decisions).toEqual([]);
});

test('a question about a personal column shows none of its values', async () => {
  const { decisions } = await told('Date of birth,n\n01/02/1977,1\n03/04/1978,2\n');
  expect(decisions).toHaveLength(1);
  expect(JSON.stringify(decisions)).not.toContain('197');
});
