/** Sentences break between words on a terminal, and stay whole in a file. */
import { expect, test } from 'vitest';
import { prose } from '../../src/commands/fit.js';

const TEXT =
  `iris: ${'so many words '.repeat(12)}\n  Next step: ${'do this '.repeat(15)}`.trimEnd();

test.each([40, 80, 120])('in %i columns no line is longer, and no word is broken', (width) => {
  const lines = prose(TEXT, width).split('\n');
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
  expect(lines.join(' ').split(/\s+/)).toEqual(TEXT.split(/\s+/));
});

test('a word that is longer than the terminal keeps a line of its own', () => {
  expect(prose(`at ${'x'.repeat(50)} it ends`, 40)).toBe(`at\n  ${'x'.repeat(50)}\n  it ends`);
});

test('in a file or a pipe nothing is broken', () => {
  expect(prose(TEXT, undefined)).toBe(TEXT);
});
