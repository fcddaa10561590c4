/** Rules for numbers: integers as narrow as their bounds, DOUBLE where no digit is lost, DECIMAL where one would be. */
import { quoteText } from '../relation.js';
import { canonical, type TypeRule } from './rule.js';
import { isOneOf } from './sql.js';

const INTEGERS = [
  ['TINYINT', 2 ** 7],
  ['SMALLINT', 2 ** 15],
  ['INTEGER', 2 ** 31],
] as const;

export const integer: TypeRule = {
  ...canonical('BIGINT', 'integer'),
  measures: (x) => [`min(try_cast(${x} AS BIGINT))`, `max(try_cast(${x} AS BIGINT))`],
  narrowest: (min, max) => narrowInteger(min, max),
  fit: ([min, max]) => ({ rule: narrowInteger(min, max), proven: true }),
};

/**
 * The narrowest integer type between the bounds. A cast that held for BIGINT holds for it too.
 * @param characters Of the longest value, sign included: a type whose numbers are all shorter is too narrow.
 */
export function narrowInteger(min: number, max: number, characters = 0): TypeRule {
  const sign = min < 0 ? 1 : 0;
  const narrow = INTEGERS.find(
    ([, limit]) => min >= -limit && max < limit && String(limit).length + sign >= characters,
  );
  return narrow ? canonical(narrow[0], 'integer') : integer;
}

const isWideInteger = canonical('DECIMAL(38,0)', 'integer');

/**
 * Beyond 2^63, up to 38 digits. What is no integer is not cast: DuckDB words an error for each cell that it cannot cast
 * to a decimal, which took longer than all the other rules together.
 */
export const wideInteger: TypeRule = {
  ...isWideInteger,
  holds: (x) =>
    `CASE WHEN regexp_full_match(${x}, '-?[0-9]+') THEN ${isWideInteger.holds(x)} ELSE false END`,
};

/** A plain decimal number without leading zeros or plus sign, with or without an exponent. */
const NUMBER = String.raw`-?((0|[1-9][0-9]*)(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?`;
const FIXED_POINT = String.raw`-?(0|[1-9][0-9]*)(\.[0-9]+)?`;
const NOT_FINITE = ['nan', 'inf', '-inf', 'infinity', '-infinity'];
/** DuckDB's and Parquet's widest decimal. */
const MAX_DIGITS = 38;

/**
 * What the type prints back; a decimal number of no more significant digits than the type is sure to keep, within its
 * normal range (IEEE 754: 15 digits for DOUBLE, 6 for FLOAT); one that the type gives back when it prints as many
 * significant digits (Excel, C and R write all 17), however point and exponent are spelled.
 */
function floating(type: string, sureDigits: number, mostDigits: number, largest: string): TypeRule {
  return {
    type,
    rule: 'decimal',
    // Dictionaries of Parquet take -0.0 and 0.0 for one value, the first of them: so both are written as 0.0.
    cast: (x) => `(try_cast(${x} AS ${type}) + 0::${type})`,
    holds: (x) => {
      const value = `try_cast(${x} AS ${type})`;
      const digits = significantDigits(x);
      const range = `(abs(${value}) BETWEEN 1e-${largest} AND 1e${largest} OR ${digits} = '')`;
      const lengths = Array.from({ length: mostDigits - sureDigits }, (_, i) => sureDigits + 1 + i);
      const printed = lengths.map(
        (length) =>
          `WHEN length(${digits}) = ${length} THEN ` +
          `${digits} = ${significantDigits(`format('{:.${length - 1}e}', ${value}::DOUBLE)`)}`,
      );
      return (
        `CASE WHEN ${value} IS NULL THEN false WHEN ${value}::VARCHAR = ${x} THEN true ` +
        `WHEN ${isOneOf(`lower(${x})`, NOT_FINITE)} THEN true ` +
        `WHEN NOT regexp_full_match(${x}, ${quoteText(NUMBER)}) THEN false ` +
        `WHEN length(${digits}) <= ${sureDigits} AND ${range} THEN true ` +
        `${printed.join(' ')} ELSE false END`
      );
    },
  };
}

export const double = floating('DOUBLE', 15, 17, '300');
/** Only where it is pinned. */
export const float = floating('FLOAT', 6, 9, '37');

/**
 * Decimals print several times faster than DOUBLE, and one of 15 digits has no more than 15 significant ones. Both its
 * digits and the power of ten are exact as DOUBLE, so that dividing them rounds once, as reading the text does.
 * @param scale Digits after the point that most values have.
 */
export function doubleOfScale(scale: number): TypeRule {
  const decimalOf = (x: string): string => `try_cast(${x} AS DECIMAL(15,${Math.min(scale, 15)}))`;
  return {
    ...double,
    shortcut: {
      holds: (x) => `${decimalOf(x)}::VARCHAR = ${x}`,
      cast: (x) => `${decimalOf(x)}::DOUBLE`,
    },
  };
}

/** Without sign, point, exponent, and the zeros at both ends; empty for zero. */
function significantDigits(x: string): string {
  return `trim(replace(replace(split_part(lower(${x}), 'e', 1), '.', ''), '-', ''), '0')`;
}

/** Finds out how many digits the fixed-point numbers of a column have. */
export const longDecimal: TypeRule = {
  type: 'DECIMAL',
  rule: 'decimal',
  cast: (x) => x,
  holds: (x) =>
    `(regexp_full_match(${x}, ${quoteText(FIXED_POINT)}) AND length(replace(ltrim(${x}, '-'), '.', '')) <= ${MAX_DIGITS})`,
  measures: (x, isValue) =>
    [
      `max(length(ltrim(split_part(${x}, '.', 1), '-')))`,
      `max(length(split_part(${x}, '.', 2)))`,
    ].map((longest) => `${longest} FILTER (WHERE ${isValue})`) as [string, string],
  unfit: 'more digits than the type can have',
  fit: ([whole, scale]) =>
    whole + scale > MAX_DIGITS ? undefined : { rule: decimal(whole + scale, scale), proven: false },
};

/** Every digit kept. */
export function decimal(precision: number, scale: number): TypeRule {
  const type = `DECIMAL(${precision},${scale})`;
  return {
    type,
    rule: 'decimal',
    cast: (x) => `try_cast(${x} AS ${type})`,
    // The syntax bounds the digits, so that the cast has nothing to round.
    holds: (x) =>
      `(regexp_full_match(${x}, ${quoteText(FIXED_POINT)}) AND length(split_part(${x}, '.', 2)) <= ${scale} ` +
      `AND try_cast(${x} AS ${type}) IS NOT NULL)`,
  };
}
