/** Rules for dates, times and timestamps: ISO 8601 in years that every reader knows, to the microsecond. */
import { quoteText } from '../relation.js';
import { canonical, type TypeRule } from './rule.js';

const DAY = String.raw`[0-9]{4}-[0-9]{2}-[0-9]{2}`;
/** Neither 24:00:00, which would become another day, nor a leap second, which would become another minute. */
const CLOCK = String.raw`([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?`;
const OFFSET = String.raw` ?(Z|[-+](0[0-9]|1[0-4])(:?[0-5][0-9])?)`;

/** DuckDB counts beyond them, and has infinite dates; Python and most databases do not. */
export const within = (value: string, type: string): string =>
  `coalesce(${value} BETWEEN ${type} '0001-01-01' AND ${type} '9999-12-31 23:59:59.999999', false)`;

const isDate = canonical('DATE', 'date');

export const date: TypeRule = {
  ...isDate,
  holds: (x) =>
    `(${isDate.holds(x)} AND try_cast(${x} AS DATE) BETWEEN DATE '0001-01-01' AND DATE '9999-12-31')`,
};

export const timestamp: TypeRule = {
  type: 'TIMESTAMP',
  rule: 'instant',
  cast: (x) => `try_cast(${x} AS TIMESTAMP)`,
  holds: (x) => {
    const value = `try_cast(${x} AS TIMESTAMP)`;
    return (
      `CASE WHEN NOT ${within(value, 'TIMESTAMP')} THEN false WHEN ${value}::VARCHAR = ${x} THEN true ` +
      `ELSE regexp_full_match(${x}, ${quoteText(`${DAY}[ T]${CLOCK}`)}) END`
    );
  },
};

/** The instant is kept, the offset it was written with is not: the Parquet holds UTC. */
export const timestampWithZone: TypeRule = {
  type: 'TIMESTAMP WITH TIME ZONE',
  rule: 'instant with zone',
  cast: (x) => `try_cast(${x} AS TIMESTAMPTZ)`,
  holds: (x) =>
    `(regexp_full_match(${x}, ${quoteText(`${DAY}[ T]${CLOCK}${OFFSET}`)}) ` +
    `AND ${within(`try_cast(${x} AS TIMESTAMPTZ)`, 'TIMESTAMPTZ')})`,
};

const isTime = canonical('TIME', 'time');

/** Only where it is pinned: Spark reads no table with such a column. 24:00:00 is a time for DuckDB, not for Parquet. */
export const time: TypeRule = {
  ...isTime,
  holds: (x) => `(${isTime.holds(x)} AND try_cast(${x} AS TIME) < TIME '24:00:00')`,
};
