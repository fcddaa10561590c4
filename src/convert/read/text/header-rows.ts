/** Tells whether two records name the columns, one above the other, and joins their names. */
import { areDays, areNumbers, isNothing, isValue } from './cell-shapes.js';

const SAMPLE_ROWS = 300;
const FEWEST_VALUES = 2;

/**
 * True when the second record, too, has words above columns that hold none, in all of them and at least two, and the
 * first has gaps or repeats what it says, as names that go over several columns do.
 */
export function hasTwoHeaders(
  records: ReadonlyArray<{ readonly texts: readonly string[] }>,
): boolean {
  const [first = [], second = [], ...rest] = records
    .slice(0, SAMPLE_ROWS)
    .map(({ texts }) => texts);
  if (rest.length < FEWEST_VALUES || first.length !== second.length) return false;
  if (first.some(isValue) || second.some(isValue)) return false;
  const columns = second.map((_name, at) => rest.map((row) => row[at] ?? ''));
  const typed = columns.flatMap((below, at) => (areNumbers(below) || areDays(below) ? [at] : []));
  if (typed.length < 2 || typed.some((at) => isNothing(second[at]!))) return false;
  const isGrouped = first.some((name) => name.trim() === '') || new Set(first).size < first.length;
  const isUnits = second.every(
    (name) => name.trim() === '' || /^[([]?[^\s]{1,12}[)\]]?$/.test(name),
  );
  return isGrouped || isUnits;
}

/** Names of one column stand one above the other; a name with nothing beside it goes on over the gaps. */
export function joinNames(rows: ReadonlyArray<readonly string[]>): string[] {
  if (rows.length === 1) return [...rows[0]!];
  const width = rows.reduce((widest, row) => Math.max(widest, row.length), 0);
  const last = rows.length - 1;
  const spread = rows.map((row, level) => {
    if (level === last) return row;
    let before = '';
    return Array.from({ length: width }, (_x, at) => (before = row[at]?.trim() || before));
  });
  return Array.from({ length: width }, (_x, at) => {
    const parts = spread.map((row) => row[at]?.trim() ?? '').filter((part) => part !== '');
    return [...new Set(parts)].join(' ');
  });
}
