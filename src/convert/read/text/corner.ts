/** Tells a header by its corner: the names of rows, and of a cross table, have no name themselves. */
import { isTyped, isValue } from './cell-shapes.js';
import type { Rows, Vote } from './header.js';
import { isUsualName } from './usual-names.js';

/** In nats. */
const MOST_OF_CORNER = 2;
const MOST = 0.9;

/** Says something only beside what is a name: in a record, too, the first cell may be missing. */
export function aboutCorner(
  [corner, ...names]: readonly string[],
  rest: Rows,
  hasSeries: boolean,
): Vote[] {
  if (rest.length < 2 || !hasCorner([corner!], rest)) return [];
  const areNamed = names.some(
    (name, at) => isUsualName(name) || (!isValue(name) && isTyped(columnOf(rest, at + 1))),
  );
  if (!hasSeries && !areNamed) return [];
  const weight = Math.min(Math.log(rest.length + 1), MOST_OF_CORNER);
  return [{ weight, because: 'only the first cell of the first column is empty' }];
}

/** The first records, two or more, have no name of a row; nearly all below them have one. */
export function haveOneCorner(records: Rows): boolean {
  const named = records.findIndex(isNamed);
  const below = records.slice(named);
  return (
    named > 1 &&
    below.filter(isNamed).length >= MOST * below.length &&
    records.slice(0, named).every((texts) => texts.some((text) => text.trim() !== ''))
  );
}

function isNamed([name]: readonly string[]): boolean {
  return name!.trim() !== '';
}

/** Only the first cell of the first column is empty. */
export function hasCorner([corner]: readonly string[], rest: Rows): boolean {
  return corner!.trim() === '' && rest.length > 0 && columnOf(rest, 0).length === rest.length;
}

/** What is not missing. */
export function columnOf(rows: Rows, column: number): string[] {
  return rows.map((row) => row[column]?.trim() ?? '').filter((text) => text !== '');
}
