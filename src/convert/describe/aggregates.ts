/** What is asked of a column: SQL aggregates by the names of the statistics, each defined here and nowhere else. */
import type { TypeFamily } from './parquet-relation.js';

export type Measure = readonly [name: string, sql: string];

/** Text longer than this is cut in `min` and `max`. */
export const MAX_TEXT = 200;

/** Squares of larger values, and sums of them, leave the range of DOUBLE, which DuckDB takes for an error. */
const SQUARABLE = 1e150;

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
  if (!counts) measures.push(['approxDistinct', `approx_count_distinct(${column})`]);
  if (family === 'text') return [...measures, ...textMeasures(column)];
  if (family !== 'float') measures.push(['min', `min(${column})`], ['max', `max(${column})`]);
  if (family === 'boolean' || family === 'temporal') return measures;
  return [...measures, ...numbers(column, family, counts)];
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

/** SQL for a number as it is summed and squared; NULL for one that cannot be. */
export function squarableOf(column: string, family: TypeFamily): string {
  if (family !== 'float') return `${column}::DOUBLE`;
  return `CASE WHEN abs(${column}) < ${SQUARABLE} THEN ${column}::DOUBLE END`;
}

/** DuckDB computes the same expression once, however many aggregates have it. */
function numbers(column: string, family: TypeFamily, counts: Counts | undefined): Measure[] {
  const squarable = squarableOf(column, family);
  if (family !== 'float') return meanAndDeviation(squarable, counts);
  const finite = `CASE WHEN isfinite(${column}) THEN ${column} END`;
  const countOf = (truth: string): string =>
    counts ? `coalesce(sum(${counts.n}) FILTER (WHERE ${truth}), 0)` : `count_if(${truth})`;
  return [
    ['min', `min(${finite})`],
    ['max', `max(${finite})`],
    // Of values that cannot be summed and squared there is none, rather than that of the others.
    ...meanAndDeviation(squarable, counts).map(([name, sql]): Measure => [
      name,
      `CASE WHEN count(${squarable}) = count(${finite}) THEN ${sql} END`,
    ]),
    ['nanCount', countOf(`isnan(${column})`)],
    ['infiniteCount', countOf(`isinf(${column})`)],
  ];
}

function meanAndDeviation(x: string, counts: Counts | undefined): Measure[] {
  if (!counts)
    return [
      ['mean', `avg(${x})`],
      ['stddev', `stddev_samp(${x})`],
    ];
  const { relation, n } = counts;
  const known = `FILTER (WHERE ${x} IS NOT NULL)`;
  const mean = `(SELECT sum(${x} * ${n}) / sum(${n}) ${known} FROM ${relation})`;
  const squares = `sum(${n} * pow(${x} - ${mean}, 2))`;
  return [
    ['mean', mean],
    ['stddev', `sqrt(${squares} / nullif(sum(${n}) ${known} - 1, 0))`],
  ];
}
