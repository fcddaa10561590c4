/** Of any file, each byte belongs to exactly one place, and no record leaves the count. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ImportError } from '../../../src/errors/index.js';
import { BYTE_KINDS } from '../../../src/convert/read/byte-ledger.js';
import type { TextPins } from '../../../src/convert/read/text/pins.js';
import { propertyCases } from '../../helpers/properties.js';
import { readBytes } from '../../helpers/read-text.js';

const piece = fc.constantFrom(
  ...['a', 'name', 'é', '1', '2.5', ',', ',', ';', '\t', '|', '::', ' ', '  ', '#', 'sep=;'],
  ...['"', '""', "'", '\\', '\n', '\n', '\r\n', '\r', '\uFEFF', '\x1a', '\0', 'Notes: x y z'],
  ...['\n1,2,3\n4,5,6\n', '"x, y"', '\n\n', '\nTotal', 'a,b,c\n'],
);
const text = fc.array(piece, { maxLength: 60 }).map((parts) => Buffer.from(parts.join('')));
const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));
const pins: fc.Arbitrary<TextPins> = fc.constantFrom(
  ...[{}, {}, {}, { delimiter: '::' }, { delimiter: 'whitespace' }, { quote: '' }],
  ...[{ escape: '\\' }, { trim: true }, { ragged: 'pad' as const }, { skip_lines: 2 }],
  ...[{ skip_footer: 3 }, { comment: '#' }, { header: false }, { header_rows: 2 }],
);

test('the byte ledger of any bytes is even', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(text, bytes), pins, async (source, pinned) => {
      // An uneven one throws.
      const reading = await readBytes(source, pinned).catch((error: unknown) => {
        const code = error instanceof ImportError ? error.code : String(error);
        expect(code).toMatch(/^(FORMAT_UNREADABLE|ENCODING_UNDECODABLE)$/);
        return undefined;
      });
      if (!reading) return;
      const { byteLedger, rejects, sourceRecords, rows } = reading;
      const sum = BYTE_KINDS.reduce((total, kind) => total + byteLedger[kind].bytes, 0);
      expect(sum).toBe(source.length);
      expect(byteLedger.reject.records).toBe(rejects.count);
      expect(byteLedger.row.records + rejects.count).toBe(sourceRecords);
      expect(rows).toHaveLength(byteLedger.row.records);
    }),
    propertyCases(200),
  );
});

test.each([
  ['characters that a firm made up, in Shift_JIS', 'shift_jis', [0xf0, 0x40, 0xf0, 0xfc]],
  ['a euro of one byte, as in GB 18030', undefined, [0xf5, 0x80, 0xca, 0x6a]],
])('the byte ledger is even over %s', async (_what, encoding, odd) => {
  const bytes = Buffer.concat([Buffer.from('a,b\n1,'), Buffer.from(odd), Buffer.from('\n2,x\n')]);
  const { byteLedger } = await readBytes(bytes, encoding === undefined ? {} : { encoding });
  expect(byteLedger.row.records).toBe(2);
});
