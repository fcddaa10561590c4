/** Bounds are as the specification writes values, and never shut out a value that is there. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bound } from '../../src/iceberg/bounds.js';

const hex = (type: string, text: string, side: 'lower' | 'upper' = 'lower') =>
  bound(type, text, side)?.toString('hex');

test.each([
  ['boolean', '1', undefined],
  ['int', '-2', 'feffffff'],
  ['long', '34', '2200000000000000'],
  ['long', '9223372036854775807', 'ffffffffffffff7f'],
  ['decimal(9, 2)', '14.20', '058c'],
  ['decimal(9, 2)', '-0.01', 'ff'],
  ['decimal(9, 2)', '1.28', '0080'],
  ['decimal(38, 1)', '123456789012345678901234567890.5', 26],
  ['date', '2017-11-16', '4e440000'],
  ['date', '1969-12-31', 'ffffffff'],
  ['date', '2001-01-01 (BC)', undefined],
  ['date', 'infinity', undefined],
  ['timestamp', '2017-11-16 14:31:08.000001', 16],
  ['timestamptz', '1970-01-01 00:00:01.5+00', '60e3160000000000'],
  ['timestamp', '1969-12-31 23:59:59.999999', 'ffffffffffffffff'],
  ['double', 'nan', undefined],
  ['double', '', undefined],
  ['double', 'inf', '000000000000f07f'],
  ['float', '-4.5', '000090c0'],
  ['string', 'ABC', '414243'],
  ['uuid', 'f79c3e09-677c-4bbd-a479-3f349cb785e7', undefined],
])('%s %s', (type, text, expected) => {
  if (typeof expected === 'number') expect(hex(type, text)).toHaveLength(expected);
  else expect(hex(type, text)).toBe(expected);
});

test('a zero of either sign is within the bounds of the other', () => {
  for (const zero of ['0.0', '-0.0']) {
    expect(Object.is(bound('double', zero, 'lower')!.readDoubleLE(), -0)).toBe(true);
    expect(Object.is(bound('double', zero, 'upper')!.readDoubleLE(), 0)).toBe(true);
  }
});

test('of long texts, what is kept is below or above them', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (text) => {
      const whole = Buffer.from(text);
      expect(Buffer.compare(bound('string', text, 'lower')!, whole)).toBeLessThanOrEqual(0);
      const upper = bound('string', text, 'upper');
      if (upper) expect(Buffer.compare(upper, whole)).toBeGreaterThanOrEqual(0);
    }),
  );
  expect(bound('string', '\u{10ffff}'.repeat(17), 'upper')).toBeUndefined();
  expect(bound('string', `${'a'.repeat(15)}\ud7ffzz`, 'upper')!.toString()).toBe(
    `${'a'.repeat(15)}\ue000`,
  );
});
