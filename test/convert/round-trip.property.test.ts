/** Any table in any dialect: what the Parquet holds, printed, is what an independent reader finds in the file. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readRecords } from '../helpers/strict-csv.js';
import { convert } from '../helpers/convert.js';

const word = fc.string({
  unit: fc.constantFrom(...'abcXYZ é"\',;|\n\\%/-.0'),
  minLength: 1,
  maxLength: 12,
});
const number = fc.oneof(
  fc.integer().map(String),
  fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.integer({ min: 0, max: 99_999 }).map((value) => String(value).padStart(5, '0')),
  fc.float({ noNaN: true, noDefaultInfinity: true }).map((value) => value.toFixed(3)),
);
const moment = fc
  .date({ min: new Date('1900-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
  .chain((date) =>
    fc.constantFrom(
      date.toISOString().slice(0, 10),
      date.toISOString().slice(0, 19).replace('T', ' '),
      date.toISOString(),
    ),
  );
const cell = fc.oneof(
  word,
  number,
  moment,
  fc.constantFrom('', 'NA', 'true', 'False', 'null', '1e5', 'x'),
);

const table = fc
  .record({
    columns: fc.integer({ min: 2, max: 5 }),
    rows: fc.integer({ min: 1, max: 30 }),
    kinds: fc.array(fc.constantFrom('mixed', 'number', 'moment', 'integer'), {
      minLength: 5,
      maxLength: 5,
    }),
  })
  .chain(({ columns, rows, kinds }) =>
    fc.tuple(
      fc.constant(columns),
      fc.array(
        fc.tuple(
          ...Array.from({ length: columns }, (_x, index) => {
            const kind = kinds[index];
            if (kind === 'number')
              return fc.oneof(
                { weight: 9, arbitrary: number },
                { weight: 1, arbitrary: fc.constantFrom('', 'NA') },
              );
            if (kind === 'moment') return moment;
            if (kind === 'integer') return fc.integer().map(String);
            return cell;
          }),
        ),
        { minLength: rows, maxLength: rows },
      ),
    ),
  );

const dialect = fc.record({
  delimiter: fc.constantFrom(',', ';', '\t', '|'),
  newline: fc.constantFrom('\n', '\r\n'),
  quoteAll: fc.boolean(),
});

type Cell = string | number | bigint | boolean | Date | null | undefined;

/** `text` of the source against the `value` of the Parquet, by the rules of docs/conversion.md. */
function equal(
  text: string,
  value: Cell,
  type: string,
  tokens: Readonly<Record<string, number>>,
): boolean {
  if (value === null || value === undefined) return text === '' || Object.hasOwn(tokens, text);
  if (type === 'VARCHAR') return value === text;
  if (type === 'BOOLEAN') return String(value) === text.toLowerCase();
  if (/INT$|INTEGER/.test(type)) return String(value) === text;
  if (type === 'DOUBLE') return Object.is(value, Number(text));
  // hyparquet gives decimals as doubles: equal to the double nearest to the text.
  if (type.startsWith('DECIMAL'))
    return Math.abs(Number(value) - Number(text)) <= Math.abs(Number(text)) * 1e-15;
  if (value instanceof Date)
    return (
      value.getTime() ===
      Date.parse(`${text.replace(' ', 'T').replace(/Z$/, '')}${text.length > 10 ? 'Z' : ''}`)
    );
  return false;
}

test('the written cells are the cells of the file', { timeout: 300_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      table,
      dialect,
      async ([columns, records], { delimiter, newline, quoteAll }) => {
        const quote = (text: string): string =>
          quoteAll || /["\n\r,;\t|]/.test(text) || text === ''
            ? `"${text.replaceAll('"', '""')}"`
            : text;
        const header = Array.from({ length: columns }, (_x, index) => `name_${index}`);
        const source =
          [header, ...records].map((record) => record.map(quote).join(delimiter)).join(newline) +
          newline;
        const entry = { csv: { delimiter, quote: '"', escape: '"', header: true } };
        const { description, rows } = await convert(source, { entry });
        const [, ...read] = readRecords(Buffer.from(source), delimiter);
        expect(rows).toHaveLength(read.length);
        read.forEach((record, row) =>
          record.forEach((text, index) => {
            const { type, proof } = description.columns[index]!;
            const value = rows[row]![index] as Cell;
            expect(
              equal(text, value, type, proof.nullTokens),
              `${type}: ${JSON.stringify(text)} -> ${String(value)}`,
            ).toBe(true);
          }),
        );
      },
    ),
    { numRuns: 60 },
  );
});
