/** What is asked of a column: SQL aggregates by the names of the statistics. */
import type { TypeFamily } from './parquet-relation.js';

export type Measure = readonly [name: string, sql: string];

/** Text longer than this is cut in `min` and `max`. */
export const MAX_TEXT = 200;

const valueCount = (column: string): Measure => ['count', `count(${column})`];
const distinct = (column: string): Measure => [
  'approxDistinct',
  // The estimate alone may exceed the number of values.
  `least(approx_count_distinct(${column}), count(${column}))`,
];

/** Squares of larger values leave the range of DOUBLE, which DuckDB takes for an error. */
const SQUARABLE = 1e150;
const floatDeviation = (column: string): Measure => [
  'stddev',
  `stddev_samp(${column}) FILTER (WHERE abs(${column}) < ${SQUARABLE})`,
];

function textMeasures(column: string): Measure[] {
  return [
    ['min', `left(min(${column}::VARCHAR), ${MAX_TEXT})`],
    ['max', `left(max(${column}::VARCHAR), ${MAX_TEXT})`],
    ['minLength', `min(length(${column}::VARCHAR))`],
    ['maxLength', `max(length(${column}::VARCHAR))`],
  ];
}

export function measuresOf(column: string, family: TypeFamily): Measure[] {
  const measures = [valueCount(column)];
  if (family === 'other') return measures;
  measures.push(distinct(column));
  if (family === 'text') return [...measures, ...textMeasures(column)];
  measures.push(['min', `min(${column})`], ['max', `max(${column})`]);
  if (family === 'float') {
    measures.push(['mean', `avg(${column})`], floatDeviation(column));
    measures.push(['nanCount', '0'], ['infiniteCount', '0']);
  }
  if (family === 'integer' || family === 'decimal') {
    measures.push(['mean', `avg(${column}::DOUBLE)`], ['stddev', `stddev_samp(${column}::DOUBLE)`]);
  }
  return measures;
}

/** When infinities or NaN are among the values. */
export function finiteMeasures(column: string): Measure[] {
  const finite = `FILTER (WHERE isfinite(${column}))`;
  return [
    valueCount(column),
    distinct(column),
    ['min', `min(${column}) ${finite}`],
    ['max', `max(${column}) ${finite}`],
    ['mean', `avg(${column}) ${finite}`],
    floatDeviation(column),
    ['nanCount', `count(*) FILTER (WHERE isnan(${column}))`],
    ['infiniteCount', `count(*) FILTER (WHERE isinf(${column}))`],
  ];
}

/** Sums of larger values, each as often as it stands there, could leave the range of DOUBLE. */
const SUMMABLE = 1e290;

/** Of a column whose values are counted in `relation`: columns `value`, which is never NULL, and `n`. */
export function countedMeasures(relation: string, family: TypeFamily): Measure[] {
  const measures: Measure[] = [
    ['count', 'coalesce(sum(n), 0)'],
    ['distinct', 'count(*)'],
  ];
  if (family === 'text') return [...measures, ...textMeasures('value')];
  const isFloat = family === 'float';
  const where = isFloat ? 'WHERE isfinite(value)' : '';
  const filter = isFloat ? `FILTER (${where})` : '';
  measures.push(['min', `min(value) ${filter}`], ['max', `max(value) ${filter}`]);
  if (isFloat) {
    measures.push(
      ['nanCount', 'coalesce(sum(n) FILTER (WHERE isnan(value)), 0)'],
      ['infiniteCount', 'coalesce(sum(n) FILTER (WHERE isinf(value)), 0)'],
    );
  }
  if (isFloat || family === 'integer' || family === 'decimal') {
    const x = 'value::DOUBLE';
    const summable = `SELECT ${x} AS x, n FROM ${relation} ${where}`;
    const mean = `(SELECT CASE WHEN max(abs(x)) < ${SUMMABLE} THEN sum(x * n) / sum(n) END FROM (${summable}))`;
    const squares = `sum(n * pow(${x} - ${mean}, 2)) FILTER (WHERE abs(${x}) < ${SQUARABLE})`;
    const others = `nullif(sum(n) FILTER (WHERE abs(${x}) < ${SQUARABLE}) - 1, 0)`;
    measures.push(['mean', mean], ['stddev', `sqrt(${squares} / ${others})`]);
  }
  return measures;
}
