/** Any table in any dialect: what the Parquet holds, printed, is what an independent reader finds in the file. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sameCell, type Cell } from '../helpers/cell-equality.js';
import { propertyCases } from '../helpers/properties.js';
import { parseRecords } from '../helpers/strict-csv.js';
import { convert } from '../helpers/convert.js';

const word = fc.string({
  unit: fc.constantFrom(...'abcXYZ é😀"\',;|\n\r\t\\%/-.0#:\0'),
  minLength: 1,
  maxLength: 12,
});
const integer = fc.oneof(
  fc.integer().map(String),
  fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }).map(String),
  fc.constantFrom('-128', '127', '128', '32768', '-2147483648', '9007199254740993', '-0', '0'),
);
const number = fc.oneof(
  integer,
  fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }).map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value.toExponential(16)),
  fc.integer({ min: 0, max: 99_999 }).map((value) => String(value).padStart(5, '0')),
  fc.float({ noNaN: true, noDefaultInfinity: true }).map((value) => value.toFixed(3)),
  fc.constantFrom(
    '1e5',
    '1E-5',
    '1.',
    '.5',
    '-.5',
    '0.10',
    '5e-324',
    '4.9e-324',
    '1e400',
    '+1',
    'inf',
    'NaN',
  ),
  fc.constantFrom(
    '0.1234567890123456',
    '12345678901234567.5',
    '0.30000000000000004',
    '1_000',
    '0x1F',
  ),
);
const moment = fc.oneof(
  fc
    .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
    .chain((date) => {
      const [day, clock] = [date.toISOString().slice(0, 10), date.toISOString().slice(11, 19)];
      return fc.constantFrom(
        ...[day, `${day} ${clock}`, `${day}T${clock}`, date.toISOString(), clock],
        ...[
          `${day} ${clock}.123456`,
          `${day} ${clock}.1234567`,
          `${day} ${clock}+05:30`,
          clock.slice(0, 5),
        ],
      );
    }),
  fc.constantFrom(
    '24:00:00',
    '00:00:60',
    '2024-01-31 24:00:00',
    '2024-01-31 23:59:60',
    '2023-02-29',
  ),
  fc.constantFrom('infinity', 'epoch', '10000-01-01', '0044-03-15 (BC)', '0000-01-01 00:00:00'),
  fc.constantFrom('2024-01-31 10:00:00 EST', '2024-01-31 10:00:00+25:00', '01/02/2024', '20240131'),
);
const two = (number: number): string => String(number).padStart(2, '0');
const hours = ['', ' 00:00', ' 23:59:59', 'T10:20:30.250', ' 1:05 PM', ' 12:30:00 am', ' 24:00'];
/** Days that exist and some that do not, in any order, with one separator or two, padded or not. */
const day = fc
  .record({
    parts: fc.tuple(fc.integer({ min: 0, max: 32 }), fc.integer({ min: 0, max: 13 })),
    year: fc.constantFrom('2023', '2024', '1900', '0001', '9999', '0000', '24'),
    mark: fc.constantFrom('/', '-', '.'),
    clock: fc.constantFrom(...hours),
  })
  .chain(({ parts: [date, month], year, mark, clock }) =>
    fc.constantFrom(
      ...[
        [two(date), two(month), year],
        [two(month), two(date), year],
        [String(date), String(month), year],
        [year, two(month), two(date)],
        [
          two(date),
          'Jan Feb mar APR May Jun Jul Aug Sep Oct Nov Dez Mai Jan'.split(' ')[month]!,
          year,
        ],
      ].map((one) => one.join(mark) + clock),
      `${two(date)}/${two(month)}-${year}`,
    ),
  );
/** All of one order, so that it may be proven: days of a format, and blanks that may stand around them. */
const ordered = fc.constantFrom('d/m/y', 'm-d-y', 'y.m.d', 'D/M/y').chain((order) =>
  fc
    .date({ min: new Date('1000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
    .map((date) =>
      order
        .replace('d', two(date.getUTCDate()))
        .replace('m', two(date.getUTCMonth() + 1))
        .replace('D', String(date.getUTCDate()))
        .replace('M', String(date.getUTCMonth() + 1))
        .replace('y', String(date.getUTCFullYear())),
    ),
);
const spaced = fc
  .tuple(
    fc.constantFrom('', ' ', '  ', '\t', '\u00a0'),
    fc.oneof(number, ordered),
    fc.constantFrom('', ' '),
  )
  .map((parts) => parts.join(''));
const truth = fc.constantFrom('true', 'false');
const missing = fc.constantFrom('', 'NA', 'null', '-', '?', '\\N', ' ');
const cell = fc.oneof(
  word,
  number,
  moment,
  day,
  spaced,
  missing,
  fc.constantFrom('True', ' true', 'yes', 'x'),
);

/** Mostly of one kind, so that types are found, with a few others, so that they fail. */
function columnOf(kind: fc.Arbitrary<string>): fc.Arbitrary<fc.Arbitrary<string>> {
  const regular = { weight: 30, arbitrary: kind };
  return fc.constantFrom(
    kind,
    fc.oneof(regular, { weight: 2, arbitrary: missing }),
    fc.oneof(regular, { weight: 1, arbitrary: cell }),
  );
}

const table = fc
  .array(
    fc
      .constantFrom(cell, word, number, integer, moment, day, ordered, spaced, truth)
      .chain(columnOf),
    {
      minLength: 1,
      maxLength: 5,
    },
  )
  .chain((columns) =>
    fc.array(fc.tuple(...columns), { minLength: 1, maxLength: 30 }).map((records) => records),
  );

const dialect = fc.record({
  delimiter: fc.constantFrom(',', ';', '\t', '|', ':'),
  quote: fc.constantFrom('"', "'"),
  backslash: fc.boolean(),
  newline: fc.constantFrom('\n', '\r\n'),
  lastNewline: fc.boolean(),
  quoteAll: fc.boolean(),
});

test('the written cells are the cells of the file', async () => {
  await fc.assert(
    fc.asyncProperty(table, dialect, async (records, pinned) => {
      const { delimiter, quote, backslash, newline, lastNewline, quoteAll } = pinned;
      const escape = backslash ? '\\' : quote;
      const quoted = (text: string): string =>
        backslash
          ? `${quote}${text.replaceAll(/\\|["']/g, (char) => (char === '\\' || char === quote ? `\\${char}` : char))}${quote}`
          : `${quote}${text.replaceAll(quote, quote + quote)}${quote}`;
      const write = (text: string): string =>
        quoteAll || text === '' || /[\n\r,;\t|:"'\\]/.test(text) ? quoted(text) : text;
      const header = records[0]!.map((_text, index) => `name_${index}`);
      const lines = [header, ...records].map((record) => record.map(write).join(delimiter));
      const source = lines.join(newline) + (lastNewline ? newline : '');

      const entry = { csv: { delimiter, quote, escape, header: true } };
      const { description, rows, result } = await convert(source, { entry });
      const strict = { delimiter, quote, ...(backslash && { escape }) };
      const [, ...read] = parseRecords(source, strict);
      expect(read).toEqual(records);
      expect(result).toMatchObject({ sourceRecords: records.length, rejects: 0 });
      expect(rows).toHaveLength(read.length);
      read.forEach((record, row) =>
        record.forEach((text, index) => {
          const { type, proof } = description.columns[index]!;
          const value = rows[row]![index] as Cell;
          expect(
            sameCell(text, value, type, proof.nullTokens, proof.rule),
            `${type}: ${JSON.stringify(text)} -> ${String(value)}`,
          ).toBe(true);
        }),
      );
    }),
    propertyCases(100),
  );
});
