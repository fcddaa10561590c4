/** What the cells of a column are, counted: by which a record that is none of them is told. */
import { isDay, isNothing, isNumber, isTruth } from './cell-shapes.js';

export type Kind = 'number' | 'day' | 'truth' | 'mail' | 'link' | 'code' | 'word';

const MARKS: ReadonlyArray<readonly [Kind, RegExp]> = [
  ['mail', /@/],
  ['link', /:\/\//],
  ['code', /^#[\da-f]{2,8}$/i],
];

/** Nothing of a cell that is missing. */
export function kindOf(text: string): Kind | undefined {
  if (isNothing(text)) return undefined;
  if (isNumber(text)) return 'number';
  if (isDay(text)) return 'day';
  if (isTruth(text)) return 'truth';
  return MARKS.find(([, pattern]) => pattern.test(text))?.[0] ?? 'word';
}

type Rows = ReadonlyArray<{ readonly texts: readonly string[] }>;

export interface Kinds {
  readonly counts: ReadonlyMap<Kind, number>;
  /** How often each text stands there. */
  readonly times: ReadonlyMap<string, number>;
}

export function kindsOf(texts: readonly string[]): Kinds {
  const counts = new Map<Kind, number>();
  const times = new Map<string, number>();
  for (const text of texts.map((one) => one.trim())) {
    times.set(text, (times.get(text) ?? 0) + 1);
    const kind = kindOf(text);
    if (kind) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return { counts, times };
}

/** Fewer do not show what a column is made of. */
const FEWEST_ROWS = 2;

/** A column has cells of one kind above, and of another below. */
export function haveOtherKinds(above: Rows, below: Rows, fields: number): boolean {
  if (above.length < FEWEST_ROWS || below.length < FEWEST_ROWS) return false;
  return Array.from({ length: fields }).some((_x, column) => {
    const [before, after] = [onlyKindOf(above, column), onlyKindOf(below, column)];
    return before !== undefined && after !== undefined && before !== after;
  });
}

/** The one kind of all its cells that are not missing. */
function onlyKindOf(rows: Rows, column: number): Kind | undefined {
  const { counts } = kindsOf(rows.map(({ texts }) => texts[column] ?? ''));
  return counts.size === 1 ? [...counts.keys()][0] : undefined;
}
