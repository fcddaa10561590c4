/** The WebAssembly that finds records: pieces, blocks and lists make no difference, and nothing is counted twice. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Dialect } from '../../src/convert/read/text/dialect.js';
import { splitRecord } from '../../src/convert/read/text/fields.js';
import {
  RecordScanner,
  type Ordinary,
  type ScannedRecord,
} from '../../src/convert/read/text/record-scanner.js';
import { propertyCases } from '../helpers/properties.js';

const dialect: Dialect = { delimiter: ',', quote: '"', escape: '"', newline: '\n' };
const backslash: Dialect = { ...dialect, escape: '\\' };
/** What means something, and what does not; also a byte above 127. */
const text = fc
  .array(fc.constantFrom('a', 'é', ',', '"', '""', '\n', '\r\n', '\r', '\\', 'plain text, long'), {
    maxLength: 80,
  })
  .map((parts) => Buffer.from(parts.join('')));

type Found = Omit<ScannedRecord, 'buffer' | 'start' | 'end'> & { readonly raw: string };

function scan(bytes: Buffer, pieceBytes: number, of: Dialect, ordinary?: Ordinary) {
  const records: Found[] = [];
  const scanner = new RecordScanner(
    of,
    'test',
    ({ buffer, start, end, ...facts }) =>
      records.push({ ...facts, raw: buffer.toString('latin1', start, end) }),
    ordinary,
  );
  for (let from = 0; from < bytes.length; from += pieceBytes) {
    scanner.push(bytes.subarray(from, from + pieceBytes));
  }
  scanner.end();
  const found = { records, counted: scanner.counted(), cells: scanner.cells() };
  scanner.close();
  return found;
}

test('records are the same whatever pieces the bytes come in', () => {
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 70 }), fc.boolean(), (bytes, piece, escaped) => {
      const of = escaped ? backslash : dialect;
      const whole = scan(bytes, bytes.length || 1, of).records;
      expect(scan(bytes, piece, of).records).toEqual(whole);
      // Every byte is of one record or of its line end.
      let at = 0;
      for (const record of whole) {
        const text = bytes.toString('latin1', at, at + record.bytes);
        expect(text.startsWith(record.raw)).toBe(true);
        expect(text.slice(record.raw.length)).toMatch(/^\r*\n?$/);
        at += record.bytes;
      }
      expect(at).toBe(bytes.length);
    }),
    propertyCases(500),
  );
});

test('a record is either counted or listed, and its cells are counted in both cases', () => {
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 3 }), (bytes, fields) => {
      const all = scan(bytes, bytes.length || 1, dialect).records;
      const { records, counted, cells } = scan(bytes, 7, dialect, {
        fields,
        afterLine: 0,
        rawLines: 0,
      });
      expect(counted.records + records.length).toBe(all.length);
      const before = all.map((record, index) => ({ ...record, ordinaryBefore: 0, index }));
      for (const record of records) {
        const at = record.ordinaryBefore + records.indexOf(record);
        expect({ ...record, ordinaryBefore: 0, index: at }).toEqual(before[at]);
      }
      const broken = all.some(({ brokenQuote, unusual }) => brokenQuote || unusual);
      if (broken || all.some((record) => record.fields !== fields)) return;
      const rows = all.map(({ raw }) => splitRecord(raw, dialect));
      expect(cells.map(({ empty }) => empty)).toEqual(
        cells.map(
          (_cell, at) => rows.filter((row) => row[at]!.text === '' && !row[at]!.quoted).length,
        ),
      );
    }),
    propertyCases(500),
  );
});

test('more records than one list holds', () => {
  const bytes = Buffer.from('x\n'.repeat(10_000));
  expect(scan(bytes, bytes.length, dialect).records).toHaveLength(10_000);
});
