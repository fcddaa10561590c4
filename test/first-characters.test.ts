/** Texts are cut where a reader sees the end of a character. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { firstCharacters } from '../src/first-characters.js';

const HALF = /\p{Surrogate}/u;

test.each([
  ['plain', 'plain', 5],
  ['plain text', 'plain', 5],
  ['ab😀c', 'ab', 3],
  ['ab😀c', 'ab😀', 4],
  ['cafe\u0301s', 'caf', 4],
  ['👍🏽!', '', 2],
  ['a👩\u200d🚀b', 'a', 4],
])('%j is cut to %j', (text, start, most) => {
  expect(firstCharacters(text, most)).toBe(start);
});

test('what is left is the start of the text, no longer than asked for, and no half of anything', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.nat(40), (text, most) => {
      const start = firstCharacters(text, most);
      expect(text.startsWith(start) && start.length <= Math.max(most, 0)).toBe(true);
      if (!HALF.test(text)) expect(start).not.toMatch(HALF);
    }),
  );
});

test('marks without end leave something', () => {
  expect(firstCharacters(`a${'\u0301'.repeat(500)}`, 300).length).toBeGreaterThan(200);
});
