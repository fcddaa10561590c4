/** Files that were read wrongly once: what each holds is found, and what is guessed of it is told. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkReading, type ReadingCase } from '../../helpers/reading-case.js';
import { readBytes } from '../../helpers/read-text.js';

const CASES = join(import.meta.dirname, '..', 'cases');
const MADE = (count: number): string[] => Array.from({ length: count }, () => '');

const cases: Readonly<Record<string, ReadingCase | { readonly refused: RegExp }>> = {
  'lost-row.csv': { refused: /:1: .*quote that is not closed/ },
  'headerless-quotes.tsv': {
    names: MADE(3),
    rows: 100,
    first: ['"Movie 0" the sequel', '1900', '0.5'],
    told: /the quote is a guess: none/,
  },
  'short-header.csv': { rows: 60, rejects: 41, told: /^$/ },
  'shifted-names.csv': {
    names: ['id', 'name', 'score', ''],
    rows: 4,
    last: ['4', 'Dan', '1.0', ''],
    told: /the names is a guess/,
  },
  'one-latin-cell.csv': {
    rows: 501,
    told: /encoding is a guess: (iso-8859-1|windows-1252).*windows-\d+ reads/,
  },
  'footnotes.csv': {
    names: ['a', 'b', 'c'],
    rows: 3,
    last: ['7', '8', '9'],
    told: /the footer is: the last 5 lines/,
  },
  'one-record.csv': {
    names: [''],
    rows: 1,
    first: ['2019-06-05'],
    told: /the header is a guess: none/,
  },
  'lone-return-at-end.csv': { names: ['a', 'b'], rows: 2, last: ['3', '4'] },
  'token-in-first-record.csv': { names: MADE(5), rows: 51, first: ['?', '63', '1', '145', '233'] },
  'bom-in-first-cell.csv': {
    names: ['a', 'b'],
    rows: 2,
    first: ['1', '1'],
    told: /byte order mark is: left out/,
  },
  'hash-rows.csv': { names: ['#tag', 'count'], rows: 3, first: ['#metoo', '5'] },
  'return-after-quote.csv': {
    names: ['h1', 'h2', 'h3'],
    rows: 2,
    rejects: 1,
    first: ['1', '2', '3'],
  },
  'quotes-as-text.tsv': { names: ['id', 'title'], rows: 49, told: /quotes are text/ },
  'title-with-comma.csv': {
    names: ['time', 'temp'],
    rows: 30,
    first: ['0', '20.5'],
    told: /the title is.*1% solution/,
  },
  'titled.csv': {
    names: ['Department', 'Supplier', 'Purpose', 'Note'],
    rows: 20,
    told: /the title is.*Spending over 25k/,
  },
  'backslash-outside-quotes.csv': {
    names: ['id', 'title', 'year'],
    rows: 40,
    first: ['0', 'Alpha, Beta 0', '1900'],
    told: /the escape is a guess/,
  },
  'constructor.csv': { names: ['constructor', '__proto__'], rows: 2 },
  'names-longer-than-rows.csv': {
    names: ['a', 'b', 'c', 'd'],
    rows: 30,
    first: ['0', '0', '0', ''],
    told: /the names is a guess/,
  },
  'blanks-beside-quotes.csv': {
    names: ['name', 'note'],
    rows: 2,
    first: ['a', 'x, y'],
    last: ['b', 'z'],
    told: /blanks beside quotes/,
  },
  'multi-header.csv': {
    names: ['Series A X', 'Series A Y', 'Series B X', 'Series B Y'],
    rows: 25,
    told: /header_rows: 2/,
  },
  'words.csv': { names: ['word'], rows: 4 },
  'dict.csv': { names: ['name', 'description'], rows: 3 },
  'housing.csv': {
    names: MADE(14),
    rows: 4,
    first: [
      '0.00632',
      '18.00',
      '2.310',
      '0',
      '0.5380',
      '6.5750',
      '65.20',
      '4.0900',
      '1',
      '296.0',
      '15.30',
      '396.90',
      '4.98',
      '24.00',
    ],
    told: /runs of blanks/,
  },
  'dblcolon.csv': { names: MADE(4), rows: 3, first: ['1', '1193', '5', '978300760'], told: /"::"/ },
  'ctrlz.csv': { names: ['a', 'b'], rows: 2, last: ['3', '4'], told: /end mark of DOS/ },
  'adult2.csv': { rows: 3, told: /delimiter is a guess.*could be ", "/ },
  'ambiguous-days.csv': { rows: 30 },
  'day-first.csv': { rows: 60 },
  'eur1.csv': { names: ['betrag', 'preis'], rows: 3, first: ['1,50', '2,75'] },
  'long-name-emoji.csv': { rows: 1 },
  'minus-zero.csv': { rows: 4, first: ['-0.0'] },
  'mixed-null-words.tsv': { rows: 60 },
  'thou.csv': { rows: 3, first: ['A', '1,234,567', '$1,200.50', '3.5%', '€12'] },
};

test.each(Object.entries(cases))('%s', async (file, expected) => {
  const reading = readBytes(readFileSync(join(CASES, file)));
  if ('refused' in expected) {
    await expect(reading).rejects.toMatchObject({
      code: 'FORMAT_UNREADABLE',
      message: expect.stringMatching(expected.refused),
    });
  } else checkReading(await reading, expected);
});

test('every file is a case', () => {
  expect(readdirSync(CASES).sort()).toEqual(Object.keys(cases).sort());
});
