/** What counts as drift, and what does not: each limit, on both of its sides. */
import { expect, test } from 'vitest';
import { drift as schema } from '../../src/config/drift.js';
import type { ColumnDescription } from '../../src/convert/types.js';
import type { ComparedTable } from '../../src/published/diff.js';
import { driftText, findDrift } from '../../src/published/drift.js';

type Stats = Record<string, unknown>;

function column(name: string, type: string, stats: Stats = {}): ColumnDescription {
  return {
    ...{ position: 0, name, originalName: name, originalType: 'text', type, nullable: true },
    ...{ examples: [], stats: { nullCount: 0, ...stats } },
    proof: { type, rule: 'text', checkedCells: 0, nullTokens: {}, demotions: [] },
  };
}

const table = (rows: number, ...columns: ColumnDescription[]): ComparedTable => ({
  ...{ name: 'people', rows, rejects: 0, parts: [{ sha256: JSON.stringify([rows, columns]) }] },
  columns,
});

const texts = (before: ComparedTable, after: ComparedTable, limits: object = {}): string[] =>
  findDrift([before], [after], schema.parse(limits), 'class').map(driftText);

test.each([
  [100, 150, []],
  [100, 50, []],
  [100, 151, ['people: number of rows: 100 → 151']],
  [2000, 999, ['people: number of rows: 2,000 → 999']],
  [0, 0, []],
  [0, 1, ['people: number of rows: 0 → 1']],
])('%i rows, then %i', (before, after, expected) => {
  expect(texts(table(before), table(after))).toEqual(expected);
});

test.each([
  ['TINYINT', 'BIGINT', []],
  ['DECIMAL(4,2)', 'DECIMAL(9,4)', []],
  ['FLOAT', 'DOUBLE', []],
  ['TINYINT', 'DOUBLE', ['people.age: another type: TINYINT → DOUBLE']],
  ['DATE', 'VARCHAR', ['people.age: another type: DATE → VARCHAR']],
])('%s, then %s', (before, after, expected) => {
  const found = (limits?: object) =>
    texts(table(9, column('age', before)), table(9, column('age', after)), limits);
  expect(found()).toEqual(expected);
  expect(found({ retyped_columns: false })).toEqual([]);
});

test('a column or a table that is gone is drift, one that is new is none', () => {
  const [old, now] = [table(9, column('age', 'DATE')), table(9, column('born', 'DATE'))];
  expect(texts(old, now)).toEqual(['people.age: gone: DATE → none']);
  expect(texts(old, { ...now, name: 'persons' })).toEqual(['people: gone: a table → none']);
  for (const after of [now, { ...now, name: 'persons' }]) {
    expect(texts(old, after, { dropped_columns: false })).toEqual([]);
  }
});

test('missing values count by their share, whichever way it moves', () => {
  const nulls = (rows: number, nullCount: number) =>
    table(rows, column('age', 'DATE', { nullCount }));
  expect(texts(nulls(100, 5), nulls(120, 18))).toEqual([]);
  expect(texts(nulls(100, 5), nulls(100, 16))).toEqual([
    'people.age: share of missing values: 5.0 % → 16.0 %',
  ]);
  expect(texts(nulls(100, 16), nulls(100, 5))).toHaveLength(1);
  expect(texts(nulls(100, 16), nulls(100, 5), { nulls_points: 11 })).toEqual([]);
});

const classes = (counts: Record<string, number>, more: Stats = {}, rows = 100) => {
  const mostFrequent = Object.entries(counts).map(([value, count]) => ({ value, count }));
  return table(rows, column('class', 'VARCHAR', { mostFrequent, sampledRows: rows, ...more }));
};

test('classes of the target count by their share; no message names one', () => {
  const old = classes({ yes: 70, no: 30 });
  expect(texts(old, classes({ yes: 62, no: 38 }))).toEqual([]);
  expect(texts(old, classes({ yes: 55, no: 45 }))).toEqual([
    'people.class: share of a class of the target: 70.0 % → 55.0 %',
    'people.class: share of a class of the target: 30.0 % → 45.0 %',
  ]);
  expect(texts(old, classes({ yes: 55, no: 45 }), { classes_points: 15 })).toEqual([]);
  // Of a sample, the share is the sample's.
  expect(texts(old, classes({ yes: 7, no: 3 }, { sampledRows: 10 }))).toEqual([]);
});

test('a class that comes or goes is drift, but only where all classes are known', () => {
  const old = classes({ yes: 70, no: 30 });
  expect(texts(old, classes({ yes: 70, no: 29, maybe: 1 }))).toEqual([
    'people.class: share of a class of the target: 0.0 % → 1.0 %',
  ]);
  // The most frequent ones of many: others are there, unlisted.
  expect(texts(classes({ a: 2, b: 2 }), classes({ c: 2, d: 2 }))).toEqual([]);
  const sampled = { sampledRows: 50 };
  expect(texts(classes({ a: 50 }, sampled), classes({ a: 49, b: 1 }, sampled))).toEqual([]);
});

test('classes that are masked are not counted', () => {
  const masked = (share: number) => {
    const { columns, ...rest } = classes({ 'a**': share, 'b**': 100 - share });
    return { ...rest, columns: [{ ...columns[0]!, personalData: 'name' }] };
  };
  expect(texts(masked(10), masked(90))).toEqual([]);
});
