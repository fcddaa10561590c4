/** What is asked of a column: SQL aggregates by the names of the statistics, each defined here and nowhere else. */
import type { TypeFamily } from './parquet-relation.js';

export type Measure = readonly [name: string, sql: string];

/** Text longer than this is cut in `min` and `max`. */
export const MAX_TEXT = 200;

/** Squares of larger values, and sums of them, leave the range of DOUBLE, which DuckDB takes for an error. */
const SQUARABLE = 1e150;
/** Sums of larger values, each as often as it stands there, could leave it. */
const SUMMABLE = 1e290;

/**
 * @param column SQL; of the written rows, or of their counted values
 * @param counts where the values are counted: SQL for how often each stands there, and for the relation that has both
 */
export function measuresOf(column: string, family: TypeFamily, counts?: Counts): Measure[] {
  const measures: Measure[] = [
    ['count', counts ? `coalesce(sum(${counts.n}), 0)` : `count(${column})`],
  ];
  if (counts) measures.push(['distinct', 'count(*)']);
  if (family === 'other') return measures;
  // The estimate alone may exceed the number of values.
  if (!counts)
    measures.push(['approxDistinct', `least(approx_count_distinct(${column}), count(${column}))`]);
  if (family === 'text') return [...measures, ...textMeasures(column)];
  // Computed once, however often it is asked for.
  const value = family === 'float' ? `CASE WHEN isfinite(${column}) THEN ${column} END` : column;
  measures.push(['min', `min(${value})`], ['max', `max(${value})`]);
  if (family === 'boolean' || family === 'temporal') return measures;
  const ofNumbers = counts ? countedNumbers(value, counts) : numbers(value);
  return [...measures, ...ofNumbers, ...(family === 'float' ? oddNumbers(column, counts) : [])];
}

export interface Counts {
  readonly relation: string;
  readonly n: string;
}

function textMeasures(column: string): Measure[] {
  return [
    ['min', `left(min(${column}::VARCHAR), ${MAX_TEXT})`],
    ['max', `left(max(${column}::VARCHAR), ${MAX_TEXT})`],
    ['minLength', `min(length(${column}::VARCHAR))`],
    ['maxLength', `max(length(${column}::VARCHAR))`],
  ];
}

/** SQL truth: no value is larger. */
const below = (value: string, limit: number): string =>
  `greatest(abs(min(${value})), abs(max(${value}))) < ${limit}`;

/** Of values that cannot be summed, or squared, there is none. */
function numbers(value: string): Measure[] {
  const x = `${value}::DOUBLE`;
  const squarable = `FILTER (WHERE abs(${x}) < ${SQUARABLE})`;
  return [
    ['mean', `CASE WHEN ${below(x, SUMMABLE)} THEN avg(${x}) END`],
    ['stddev', `CASE WHEN ${below(x, SQUARABLE)} THEN stddev_samp(${x}) ${squarable} END`],
  ];
}

/** The same of counted values. */
function countedNumbers(value: string, { relation, n }: Counts): Measure[] {
  const x = `${value}::DOUBLE`;
  const values = `SELECT ${x} AS x, ${n} AS n FROM ${relation} WHERE ${value} IS NOT NULL`;
  const mean = `(SELECT CASE WHEN ${below('x', SUMMABLE)} THEN sum(x * n) / sum(n) END FROM (${values}))`;
  const squares = `sum(${n} * pow(${x} - ${mean}, 2)) FILTER (WHERE abs(${x}) < ${SQUARABLE})`;
  const others = `nullif(sum(${n}) FILTER (WHERE ${value} IS NOT NULL) - 1, 0)`;
  return [
    ['mean', mean],
    ['stddev', `CASE WHEN ${below(x, SQUARABLE)} THEN sqrt(${squares} / ${others}) END`],
  ];
}

function oddNumbers(column: string, counts: Counts | undefined): Measure[] {
  const [nan, infinite] = [`isnan(${column})`, `isinf(${column})`].map((odd) =>
    counts ? `coalesce(sum(${counts.n}) FILTER (WHERE ${odd}), 0)` : `count_if(${odd})`,
  );
  return [
    ['nanCount', nan!],
    ['infiniteCount', infinite!],
  ];
}
