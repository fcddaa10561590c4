/** Whatever goes wrong with a table of personal data: no message, no warning and no description shows a value of it. */
import { expect, test, vi } from 'vitest';
import { convert, type ConvertOptions } from '../../helpers/convert.js';

const MARKS = ['zanzibar', '6123456', '1977', '4111111111111111', 'quagga', 'nzibar'];
const HEADER = 'First Name,email,phone,Date of birth,card number,remark';
const PERSONS = Array.from({ length: 60 }, (_x, row) => [
  `Zanzibar${row}`,
  `quagga${row}@zanzibar.org`,
  `06123456${String(row).padStart(2, '0')}`,
  `0${1 + (row % 9)}/0${1 + (row % 8)}/1977`,
  '4111111111111111',
  row % 7 === 3 ? `ask quagga${row}@zanzibar.org` : `remark ${row}`,
]);
const text = (rows: ReadonlyArray<readonly string[]>): string =>
  `${HEADER}\n${rows.map((row) => row.join(',')).join('\n')}\n`;
const broken = (row: number, column: number, cell: string): string[][] =>
  PERSONS.map((cells, at) => (at === row ? cells.with(column, cell) : cells));
const records = PERSONS.map((row) =>
  JSON.stringify(Object.fromEntries(HEADER.split(',').map((name, index) => [name, row[index]]))),
);
const rules = HEADER.split(',').flatMap((column) => [
  { regex: { column, pattern: 'nothing like it' } },
  { accepted_values: { column, values: ['x'] } },
  { range: { column, min: 1e30 } },
  { freshness: { column, max_age_days: 1 } },
]);
const pin = (column: string, type: unknown): object => ({ columns: { [column]: type } });

/** How it can go; all of it together is all that a person or a catalog gets to see. */
const WAYS: ReadonlyArray<
  readonly [name: string, source: string | Buffer, options: ConvertOptions]
> = [
  ['well', text(PERSONS), {}],
  ['failed checks that warn', text(PERSONS), { entry: { checks: { severity: 'warn', rules } } }],
  ['failed checks', text(PERSONS), { entry: { checks: { severity: 'fail', rules } } }],
  ['a pin on names', text(PERSONS), { entry: pin('First Name', 'INTEGER') }],
  ['a pin on telephone numbers', text(PERSONS), { entry: pin('phone', 'BIGINT') }],
  ['a pin on days', text(PERSONS), { entry: pin('Date of birth', 'DATE') }],
  ['a pin on card numbers', text(PERSONS), { entry: pin('card number', 'TINYINT') }],
  [
    'a pin on remarks',
    text([...PERSONS].reverse()),
    { entry: pin('remark', { type: 'DOUBLE', prefix: 'remark ' }) },
  ],
  ['too many fields', text([...PERSONS, [...PERSONS[0]!, 'quagga']]), {}],
  ['too few fields', text([['Zanzibar'], ...PERSONS]), {}],
  ['no row at all', `${HEADER}\nZanzibar,06123456\n`, {}],
  ['notes above and below', `Zanzibar and quagga\n${text(PERSONS)}\nSource: quagga, 1977\n`, {}],
  [
    'a quote within plain text',
    text([...PERSONS, ['Zanzibar"x', '"quagga"', ...PERSONS[0]!.slice(2)]]),
    {},
  ],
  [
    'words in an old encoding',
    Buffer.from(
      text(PERSONS).replaceAll('Zanzibar', 'Z\xe4nzibar') +
        text(PERSONS.slice(0, 1)).split('\n')[1]!,
      'latin1',
    ),
    {},
  ],
  ['blanks behind every comma', text(PERSONS).replaceAll(',', ', '), {}],
  ['text behind a quote', text([['"Zanzibar" x', ...PERSONS[0]!.slice(1)], ...PERSONS]), {}],
  ['a quote that stays open', text([...PERSONS, ['"Zanzibar', ...PERSONS[0]!.slice(1)]]), {}],
  ['one number among telephone numbers', text(broken(59, 2, '12')), {}],
  ['one name among card numbers', text(broken(59, 4, 'Zanzibar')), {}],
  ['no JSON', `${records.join('\n')}\n{"First Name": Zanzibar}\n`, { format: 'ndjson' }],
  [
    'JSON with half a character',
    `${records.join('\n')}\n{"First Name": "Zanzibar\\ud800"}\n`,
    { format: 'ndjson' },
  ],
  [
    'a sparse row of ARFF',
    `@relation r\n@attribute "First Name" string\n@attribute n numeric\n@data\n{0 Ann, Zanzibar 1}\n`,
    { format: 'arff' },
  ],
  ['JSON that ends', `${records.join('\n')}\n{"First Name": "Zanzibar\n`, { format: 'ndjson' }],
  [
    'JSON of one array that breaks',
    `[${records.join(',')},{"email": quagga@zanzibar.org}]`,
    { format: 'json' },
  ],
];

async function everythingSaid(source: string | Buffer, options: ConvertOptions): Promise<string> {
  const said: unknown[] = [];
  const log = (['log', 'warn', 'error', 'info'] as const).map((method) =>
    vi.spyOn(console, method).mockImplementation((...words) => void said.push(words)),
  );
  try {
    const { result, description } = await convert(source, options);
    said.push(result, description);
  } catch (error) {
    for (let one = error; one instanceof Error; one = one.cause) {
      said.push(one.message, one.stack, { ...one });
    }
  } finally {
    log.forEach((spy) => spy.mockRestore());
  }
  return JSON.stringify(said);
}

test.each(WAYS)('%s', async (_name, source, options) => {
  const said = (await everythingSaid(source, options)).toLowerCase();
  expect(said.length).toBeGreaterThan(100);
  for (const mark of MARKS) expect(said).not.toContain(mark);
});

test.each([
  ['telephone numbers', 'phone', '612345678', 'phone'],
  ['telephone numbers with missing ones', 'mobile_no', '612345678.0', 'phone'],
  ['national identifiers', 'ssn', '123456789', 'national-id'],
  ['counts of visits', 'mobile', '12', undefined],
  ['shares of visits', 'mobile', '0.25', undefined],
  ['counts of addresses', 'email', '3', undefined],
])('%s stored as numbers: %s', async (_name, header, cell, kind) => {
  const lines = Array.from({ length: 20 }, (_x, row) => `${cell},${row}\n`);
  const { description } = await convert(`${header},n\n${lines.join('')}`);
  expect(description.columns[0]!.personalData).toBe(kind);
});
