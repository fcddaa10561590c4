/** The rules by which a written value equals its source text; docs/conversion.md explains each. */
import { quoteText } from '../relation.js';

export interface TypeRule {
  /** The DuckDB type that is written. */
  readonly type: string;
  /** Recorded in the catalog as `proof.rule`. */
  readonly rule: string;
  /** True for BIGINT found on evidence: written as the narrowest integer that its bounds allow. */
  readonly integer?: boolean;
  /** SQL value of the type for the text `x`; NULL where the text is none. */
  cast(x: string): string;
  /** SQL truth: the value of `cast(x)` equals the text `x`. `x` is never NULL here. */
  holds(x: string): string;
}

/** Texts that stand for a missing value in columns whose other values prove a type that is not text. */
export const NULL_TOKENS = [
  'NA',
  'N/A',
  'n/a',
  '#N/A',
  'null',
  'NULL',
  'Null',
  'None',
  'none',
  '?',
  '-',
  '--',
  '.',
];

const canonical = (type: string, rule = 'canonical'): TypeRule => ({
  type,
  rule,
  cast: (x) => `try_cast(${x} AS ${type})`,
  holds: (x) => `coalesce(try_cast(${x} AS ${type})::VARCHAR = ${x}, false)`,
});

const spelledBoolean = (yes: string, no: string): TypeRule => ({
  type: 'BOOLEAN',
  rule: `boolean ${yes}/${no}`,
  cast: (x) => `(${x} = ${quoteText(yes)})`,
  holds: (x) => `${x} IN (${quoteText(yes)}, ${quoteText(no)})`,
});

/** A plain decimal number without leading zeros or plus sign, with or without an exponent. */
const NUMBER = String.raw`-?((0|[1-9][0-9]*)(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?`;
/** Significant decimal digits that every DOUBLE in the normal range keeps. */
const DOUBLE_DIGITS = 15;
const NOT_FINITE = `('nan', 'inf', '-inf', 'infinity', '-infinity')`;

/**
 * What DOUBLE prints back, or a decimal number of at most 15 significant digits within the range where
 * every such number survives DOUBLE (IEEE 754: 15 decimal digits, normal range).
 * @param scale Digits after the point that most values have: a shorter way to the same answer.
 */
export function double(scale?: number): TypeRule {
  return {
    type: 'DOUBLE',
    rule: 'decimal',
    cast: (x) => `try_cast(${x} AS DOUBLE)`,
    holds: (x) => {
      const value = `try_cast(${x} AS DOUBLE)`;
      const mantissa = `split_part(lower(${x}), 'e', 1)`;
      const digits = `length(replace(replace(${mantissa}, '.', ''), '-', ''))`;
      const range = `(abs(${value}) BETWEEN 1e-300 AND 1e300 OR NOT regexp_matches(${mantissa}, '[1-9]'))`;
      return (
        `CASE ${scale === undefined ? '' : `WHEN ${printsAsDecimal(x, scale)} THEN true `}` +
        `WHEN ${value} IS NULL THEN false WHEN ${value}::VARCHAR = ${x} THEN true ` +
        `WHEN lower(${x}) IN ${NOT_FINITE} THEN true ` +
        `ELSE regexp_full_match(${x}, ${quoteText(NUMBER)}) AND ${digits} <= ${DOUBLE_DIGITS} AND ${range} END`
      );
    },
  };
}

/** Decimals print several times faster than DOUBLE, and one of 15 digits has no more than 15 significant ones. */
function printsAsDecimal(x: string, scale: number): string {
  return `try_cast(${x} AS DECIMAL(${DOUBLE_DIGITS},${Math.min(scale, DOUBLE_DIGITS)}))::VARCHAR = ${x}`;
}

export const FIXED_POINT = String.raw`-?(0|[1-9][0-9]*)(\.[0-9]+)?`;

/** Every digit kept: precision and scale are those of the longest value. */
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

const DAY = String.raw`[0-9]{4}-[0-9]{2}-[0-9]{2}`;
const CLOCK = String.raw`[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?`;

const timestamp: TypeRule = {
  type: 'TIMESTAMP',
  rule: 'instant',
  cast: (x) => `try_cast(${x} AS TIMESTAMP)`,
  holds: (x) =>
    `CASE WHEN try_cast(${x} AS TIMESTAMP) IS NULL THEN false ` +
    `WHEN try_cast(${x} AS TIMESTAMP)::VARCHAR = ${x} THEN true ` +
    `ELSE regexp_full_match(${x}, ${quoteText(`${DAY}[ T]${CLOCK}`)}) END`,
};

/** The instant is kept, the offset it was written with is not: the Parquet holds UTC. */
const timestampWithZone: TypeRule = {
  type: 'TIMESTAMP WITH TIME ZONE',
  rule: 'instant with zone',
  cast: (x) => `try_cast(${x} AS TIMESTAMPTZ)`,
  holds: (x) =>
    `(regexp_full_match(${x}, ${quoteText(String.raw`${DAY}[ T]${CLOCK} ?(Z|[-+][0-9]{2}(:?[0-9]{2})?)`)}) ` +
    `AND try_cast(${x} AS TIMESTAMPTZ) IS NOT NULL)`,
};

export const TEXT: TypeRule = {
  type: 'VARCHAR',
  rule: 'text',
  cast: (x) => x,
  holds: () => 'true',
};

const INTEGERS = [
  ['TINYINT', 2 ** 7],
  ['SMALLINT', 2 ** 15],
  ['INTEGER', 2 ** 31],
] as const;

/**
 * The narrowest integer type between the bounds. A cast that held for BIGINT holds for it too.
 * @param characters Of the longest value, sign included: a type whose numbers are all shorter is too narrow.
 */
export function narrowed(rule: TypeRule, min: number, max: number, characters = 0): TypeRule {
  const sign = min < 0 ? 1 : 0;
  const narrow = INTEGERS.find(
    ([, limit]) => min >= -limit && max < limit && String(limit).length + sign >= characters,
  );
  return narrow ? canonical(narrow[0], 'integer') : rule;
}

/** Narrow to wide; a column gets the first that holds for every one of its cells. */
export const RULES: readonly TypeRule[] = [
  spelledBoolean('true', 'false'),
  spelledBoolean('True', 'False'),
  spelledBoolean('TRUE', 'FALSE'),
  { ...canonical('BIGINT', 'integer'), integer: true },
  canonical('DECIMAL(38,0)', 'integer'),
  double(),
  canonical('DATE', 'date'),
  timestamp,
  timestampWithZone,
  canonical('TIME', 'time'),
];

const FLOATS = new Set(['DOUBLE', 'FLOAT', 'REAL']);

/** The rule of a pinned type; with a format, the text must print back the same by that format. */
export function pinnedRule(type: string, format: string | undefined): TypeRule {
  const upper = type.trim().toUpperCase();
  if (['VARCHAR', 'TEXT', 'STRING'].includes(upper)) return { ...TEXT, rule: 'pinned text' };
  if (format !== undefined) return formatted(upper, format);
  if (FLOATS.has(upper)) return { ...double(), rule: 'pinned decimal' };
  const fixed = /^(?:DECIMAL|NUMERIC)\((\d+),\s*(\d+)\)$/.exec(upper);
  if (fixed) return { ...decimal(Number(fixed[1]), Number(fixed[2])), rule: 'pinned decimal' };
  const known = RULES.find((rule) => rule.type === upper && rule.type !== 'BOOLEAN');
  return { ...(known ?? canonical(upper)), rule: `pinned ${upper.toLowerCase()}` };
}

/** strptime and strftime of DuckDB: `%d/%m/%Y`. */
function formatted(type: string, format: string): TypeRule {
  const parsed = (x: string): string => `try_strptime(${x}, ${quoteText(format)})`;
  return {
    type,
    rule: `pinned format ${format}`,
    cast: (x) => `${parsed(x)}::${type}`,
    holds: (x) => `coalesce(strftime(${parsed(x)}, ${quoteText(format)}) = ${x}, false)`,
  };
}
