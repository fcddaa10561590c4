/** Tables fit the terminal by rule, and hold nothing back where there is none. */
import { expect, test } from 'vitest';
import { textTable, type Column } from '../../src/commands/text-table.js';

const COLUMNS: readonly Column[] = [
  { head: 'dataset', wraps: true },
  { head: 'outcome' },
  { head: 'tables', drop: 1 },
  { head: 'rows', drop: 2 },
  { head: 'why', wraps: true },
];
const ROWS = [
  ['iris', 'published', 1, 150, undefined],
  ['a'.repeat(63), 'failed', undefined, 12_345_678, 'SOURCE_NOT_FOUND: '.padEnd(90, 'one two ')],
];

const widest = (table: string): number => Math.max(...table.split('\n').map((line) => line.length));

test('in a pipe every column is there, a line a row', () => {
  const table = textTable(COLUMNS, ROWS);
  expect(table.split('\n')).toHaveLength(4);
  expect(table).toMatch(/^dataset +outcome +tables +rows +why\n-+\niris +published +1 +150 +-\n/);
});

test.each([60, 79, 80, 100, 132])('nothing is wider than %i columns', (width) => {
  expect(widest(textTable(COLUMNS, ROWS, width))).toBeLessThanOrEqual(width);
});

test('what is wide loses columns in their order, and then wraps; no text is lost', () => {
  const heads = (width: number): string[] =>
    textTable(COLUMNS, ROWS, width).split('\n')[0]!.split(/ +/);
  expect(heads(250)).toEqual(['dataset', 'outcome', 'tables', 'rows', 'why']);
  expect(heads(60)).toEqual(['dataset', 'outcome', 'why']);
  const words = textTable(COLUMNS, ROWS, 80).match(/one|two/g);
  expect(words).toHaveLength(ROWS[1]![4]!.toString().match(/one|two/g)!.length);
  expect(textTable(COLUMNS, ROWS, 80).match(/a/g)!.length).toBeGreaterThan(62);
});

test('the width that there is, is used', () => {
  expect(textTable(COLUMNS, ROWS, 120)).toContain('12,345,678');
});
