/** What a reading of a text must be: names, rows, rejects and what is told. */
import { expect } from 'vitest';
import type { ReadBytes } from './read-text.js';

export interface ReadingCase {
  readonly names?: readonly string[];
  readonly rows: number;
  readonly first?: readonly string[];
  readonly last?: readonly string[];
  readonly rejects?: number;
  /** What the warnings must speak of; none when absent. */
  readonly told?: RegExp;
}

export function checkReading(
  reading: ReadBytes,
  { names, rows, first, last, rejects = 0, told }: ReadingCase,
): void {
  if (names) expect(reading.columns.map(({ originalName }) => originalName)).toEqual(names);
  expect(reading.rows).toHaveLength(rows);
  if (first) expect(reading.rows[0]).toEqual(first);
  if (last) expect(reading.rows.at(-1)).toEqual(last);
  expect(reading.rejects.count).toBe(rejects);
  if (told && told.source !== '^$') expect(reading.warnings.join('\n')).toMatch(told);
  if (!told) expect(reading.warnings).toEqual([]);
}
