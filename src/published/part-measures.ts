/** What is measured of a column in each part, and how the answers of all parts make that of the table. */
import { squarableOf } from '../convert/describe/aggregates.js';
import type { TypeFamily } from '../convert/describe/parquet-relation.js';

export interface PartMeasures {
  /** SQL over the rows of a part, by the column in which its answer is kept. */
  readonly part: Readonly<Record<string, string>>;
  /** SQL over those answers that `whole` needs the answer to, by the column in which it is kept. */
  readonly before?: Readonly<Record<string, string>>;
  /** SQL over those answers, by the name of the statistic; `absolute` and `values` are for the tolerance of `mean`. */
  readonly whole: Readonly<Record<string, string>>;
}

/**
 * As a table is described (`convert/describe/aggregates.ts`). Bounds keep their types, in which alone they can be compared.
 * @param column SQL
 * @param at tells the answers for this column from those for others
 */
export function partMeasures(column: string, family: TypeFamily, at: number): PartMeasures {
  const nulls: PartMeasures = {
    part: { [`n${at}`]: `count(${column})` },
    whole: { nullCount: `sum(total) - sum(n${at})` },
  };
  const measures = [nulls];
  if (family !== 'other') measures.push(bounds(column, family, at));
  if (family === 'text') measures.push(lengths(column, at));
  if (family === 'float') measures.push(notFinite(column, at));
  if (['integer', 'decimal', 'float'].includes(family)) measures.push(moments(column, family, at));
  return {
    part: Object.assign({}, ...measures.map(({ part }) => part)) as PartMeasures['part'],
    before: Object.assign({}, ...measures.map(({ before }) => before)) as PartMeasures['part'],
    whole: Object.assign({}, ...measures.map(({ whole }) => whole)) as PartMeasures['whole'],
  };
}

/** Of floats the finite ones. */
function bounds(column: string, family: TypeFamily, at: number): PartMeasures {
  const value = family === 'text' ? `${column}::VARCHAR` : column;
  const finite = family === 'float' ? ` FILTER (WHERE isfinite(${column}))` : '';
  return {
    part: { [`lo${at}`]: `min(${value})${finite}`, [`hi${at}`]: `max(${value})${finite}` },
    whole: { min: `min(lo${at})`, max: `max(hi${at})` },
  };
}

function lengths(column: string, at: number): PartMeasures {
  const length = `length(${column}::VARCHAR)`;
  return {
    part: { [`short${at}`]: `min(${length})`, [`long${at}`]: `max(${length})` },
    whole: { minLength: `min(short${at})`, maxLength: `max(long${at})` },
  };
}

function notFinite(column: string, at: number): PartMeasures {
  return {
    part: {
      [`nan${at}`]: `count_if(isnan(${column}))`,
      [`inf${at}`]: `count_if(isinf(${column}))`,
    },
    whole: { nanCount: `coalesce(sum(nan${at}), 0)`, infiniteCount: `coalesce(sum(inf${at}), 0)` },
  };
}

/** Variances of parts, put together by Chan, Golub and LeVeque (1979): sums of squares would cancel out. */
function moments(column: string, family: TypeFamily, at: number): PartMeasures {
  const x = squarableOf(column, family);
  const names = ['k', 'mean', 'abs', 'var', 'whole'].map((name) => `${name}${at}`);
  const [k, mean, absolute, variance, whole] = names;
  const squares = `sum(${variance} * ${k} + ${k} * pow(${mean} - ${whole}, 2))`;
  return {
    part: {
      [k!]: `count(${x})`,
      [mean!]: `avg(${x})`,
      [absolute!]: `avg(abs(${x}))`,
      [variance!]: `var_pop(${x})`,
    },
    before: { [whole!]: `sum(${mean} * ${k}) / nullif(sum(${k}), 0)` },
    whole: {
      values: `sum(${k})`,
      absolute: `sum(${absolute} * ${k}) / nullif(sum(${k}), 0)`,
      mean: `any_value(${whole})`,
      stddev: `sqrt(${squares} / nullif(sum(${k}) - 1, 0))`,
    },
  };
}
