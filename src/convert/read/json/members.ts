/** Members of an object as the cells of a record. */
import { cellOf } from './json-text.js';
import type { Cells } from '../record.js';

/** JSON.parse would keep the last of a name and forget the first. */
export function cellsOfMembers(members: Iterable<readonly [string, string]>): Cells | string {
  const cells = new Map<string, string | null>();
  for (const [name, value] of members) {
    if (cells.has(name)) return `the name ${JSON.stringify(name)} twice`;
    cells.set(name, cellOf(value));
  }
  return cells;
}
