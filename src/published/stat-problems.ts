/** A column's statistics as the catalog has them, held against those of the stored cells. */
import { storableText } from '../catalog/json.js';
import { MAX_TEXT } from '../convert/describe/aggregates.js';
import { shown } from '../convert/describe/mask.js';
import { jsonSafe } from '../convert/describe/measures.js';
import type { TypeFamily } from '../convert/describe/parquet-relation.js';
import type { ColumnDescription } from '../convert/types.js';

export interface StatProblem {
  readonly what: 'nulls' | 'ranges' | 'means';
  readonly expected: string;
  readonly found: string;
}

/** As DuckDB gives them as text, by the names of `partMeasures`. */
export type Answers = Readonly<Record<string, string | null>>;

/** The same in whatever order the cells are counted. */
const COUNTED = ['minLength', 'maxLength', 'nanCount', 'infiniteCount'] as const;

/** What the catalog does not say of a column is not asked; personal data have fewer. */
export function* statProblems(
  { name, stats }: ColumnDescription,
  family: TypeFamily,
  answers: Answers,
): Generator<StatProblem> {
  const nulls = Number(answers['nullCount']);
  const expected = stats['nullCount'];
  if (typeof expected === 'number' && expected !== nulls) {
    const inColumn = (count: number): string => `${count} nulls in column ${name}`;
    yield { what: 'nulls', expected: inColumn(expected), found: inColumn(nulls) };
  }
  for (const bound of ['min', 'max'] as const) {
    if (!Object.hasOwn(stats, bound)) continue;
    const found = shownBound(bound, answers[bound] ?? null, family);
    if (!found.includes(stats[bound])) yield problem('ranges', bound, stats[bound], found.at(-1));
  }
  for (const stat of COUNTED) {
    if (typeof stats[stat] !== 'number') continue;
    const found = numberOf(answers[stat]);
    if (found !== stats[stat]) yield problem('ranges', stat, stats[stat], found);
  }
  for (const stat of ['mean', 'stddev'] as const) {
    const said = stats[stat];
    if (typeof said !== 'number') continue;
    const found = numberOf(answers[stat]);
    const isSame = found !== undefined && Math.abs(found - said) <= tolerance(answers);
    if (!isSame) yield problem('means', stat, said, found);
  }

  function problem(
    what: StatProblem['what'],
    stat: string,
    wanted: unknown,
    found: unknown,
  ): StatProblem {
    const inColumn = (value: unknown): string => `${stat} of column ${name}: ${String(value)}`;
    return { what, expected: inColumn(wanted), found: inColumn(found ?? 'no value') };
  }
}

/** As it is, and as it would be shown: a personal value is masked. */
function shownBound(bound: 'min' | 'max', answer: string | null, family: TypeFamily): unknown[] {
  if (answer === null) return [undefined];
  const text = storableText([...answer].slice(0, MAX_TEXT).join(''));
  const found = jsonSafe(bound, text, family);
  return typeof found === 'string' ? [found, shown(found, false)] : [found];
}

function numberOf(answer: string | null | undefined): number | undefined {
  return answer === null || answer === undefined ? undefined : Number(answer);
}

/**
 * How far two sums of the same numbers in another order can lie apart: each addition rounds by half a unit in the last
 * place, so n of them by n units of the mean of the absolute values at most (Higham, Accuracy and Stability of Numerical
 * Algorithms, 4.2; for the deviation by Welford's method, Chan, Golub and LeVeque 1983). Twice that, for both have rounded.
 */
function tolerance(answers: Answers): number {
  const [n, absolute, deviation] = ['values', 'absolute', 'stddev'].map(
    (name) => numberOf(answers[name]) ?? 0,
  );
  return 2 * (n! + 8) * Number.EPSILON * (absolute! + deviation!);
}
