/** Rules for dates that are not ISO 8601: days in other orders and with English months, perhaps with a time of day. */
import { quoteText } from '../relation.js';
import { canonical, type TypeRule } from './rule.js';
import { within } from './moments.js';

export type DayOrder = 'd/m/y' | 'm/d/y' | 'y/m/d';

/** How a column may be written, as DuckDB's strptime and strftime spell it. */
export interface DayFormat {
  readonly format: string;
  /** Set where other orders of day and month look alike: some value must prove this one. */
  readonly order?: DayOrder;
}

const MONTHS = [
  ...['january', 'february', 'march', 'april', 'may', 'june', 'july'],
  ...['august', 'september', 'october', 'november', 'december'],
];

/** The only order of a year, a month and a day that starts with the year; `2023.1.2` could be a release. */
const YEAR_FIRST = /^\d{4}([-./])(\d{1,2})\1(\d{1,2})$/;
const YEAR_LAST = /^(\d{1,2})([-./])(\d{1,2})\2\d{4}$/;
const NAMED: ReadonlyArray<readonly [RegExp, (...parts: string[]) => readonly string[]]> = [
  // 31 Jan 2023, 31-Jan-2023, 31Jan2023
  [
    /^(\d{1,2})([-/. ]?)(\p{L}{3,9})\2\d{4}$/u,
    (day, mark, month) => [day, `%D${mark}${month}${mark}%Y`],
  ],
  // Jan 31, 2023
  [/^(\p{L}{3,9}) (\d{1,2})(,?) \d{4}$/u, (month, day, comma) => [day, `${month} %D${comma} %Y`]],
  // 2023-Jan-31
  [
    /^\d{4}([-/. ])(\p{L}{3,9})\1(\d{1,2})$/u,
    (mark, month, day) => [day, `%Y${mark}${month}${mark}%D`],
  ],
];
const WITH_CLOCK =
  /^(.*?\d)(?:( |T|, )(\d{1,2}):\d{2}(:\d{2}(\.\d{3}|\.\d{6})?)?(?:( ?)[AaPp][Mm])?)?$/;

/** All formats that this text may have been written in; none for ISO dates and for what is no date. */
export function dayFormats(text: string): DayFormat[] {
  const [, day, mark, hour, seconds, fraction, half] = WITH_CLOCK.exec(text) ?? [];
  if (day === undefined) return [];
  const days = [...numberedDays(day, mark === undefined), ...namedDays(day)];
  if (mark === undefined) return days;
  const hours = padded(hour!).map((flag) => `${mark}%${flag}${half === undefined ? 'H' : 'I'}:%M`);
  const second = seconds === undefined ? '' : ':%S';
  const part = fraction === undefined ? '' : fraction.length === 4 ? '.%g' : '.%f';
  const tail = `${second}${part}${half === undefined ? '' : `${half}%p`}`;
  return days.flatMap((one) =>
    hours.map((head) => ({ ...one, format: `${one.format}${head}${tail}` })),
  );
}

function numberedDays(day: string, isDate: boolean): DayFormat[] {
  const first = YEAR_FIRST.exec(day);
  if (first) {
    const [, mark, month, date] = first as unknown as [string, string, string, string];
    return flagsOf(month, date).flatMap((flag): DayFormat[] => {
      // Padded ones with hyphens are ISO dates, which have a rule of their own.
      if (flag === '' && mark === '-' && isDate) return [];
      const format = `%Y${mark}%${flag}m${mark}%${flag}d`;
      return flag === '' ? [{ format }] : [{ format, order: 'y/m/d' }];
    });
  }
  const last = YEAR_LAST.exec(day);
  if (!last) return [];
  const [, one, mark, other] = last as unknown as [string, string, string, string];
  return flagsOf(one, other).flatMap((flag): DayFormat[] => [
    { format: `%${flag}d${mark}%${flag}m${mark}%Y`, order: 'd/m/y' },
    { format: `%${flag}m${mark}%${flag}d${mark}%Y`, order: 'm/d/y' },
  ]);
}

function namedDays(day: string): DayFormat[] {
  const month = MONTHS.find((name) =>
    new RegExp(`(?<!\\p{L})(${name}|${name.slice(0, 3)})(?!\\p{L})`, 'iu').test(day),
  );
  if (month === undefined) return [];
  const named = /\p{L}+/u.exec(day)![0];
  const codes = [
    ...(named.length === 3 ? ['%b'] : []),
    ...(named.length === month.length ? ['%B'] : []),
  ];
  for (const [pattern, spell] of NAMED) {
    const parts = pattern.exec(day)?.slice(1);
    if (!parts) continue;
    const [date, format] = spell(...parts) as [string, string];
    return codes.flatMap((code) =>
      padded(date).map((flag) => ({
        format: format.replace(named, code).replace('%D', `%${flag}d`),
      })),
    );
  }
  return [];
}

/** strptime's flags for a number that may have been written with a zero in front, and without one. */
function padded(number: string): string[] {
  if (number.length === 1) return ['-'];
  return number.startsWith('0') ? [''] : ['', '-'];
}

/** For two numbers that are written in the same way. */
function flagsOf(one: string, other: string): string[] {
  return padded(one).filter((flag) => padded(other).includes(flag));
}

/** Prints every cell back, but for the case of letters, and where the order is open some day must prove it. */
export function dayRule({ format, order }: DayFormat): TypeRule {
  const hasClock = /%-?[HI]/.test(format);
  const type = hasClock ? 'TIMESTAMP' : 'DATE';
  const instant = (x: string): string => `try_strptime(${x}, ${quoteText(format)})`;
  const folded = (sql: string): string => (/%[bBp]/.test(format) ? `lower(${sql})` : sql);
  return {
    ...canonical(type, `${hasClock ? 'instant' : 'date'} ${format}`),
    cast: (x) => (hasClock ? instant(x) : `${instant(x)}::DATE`),
    holds: (x) =>
      `CASE WHEN ${within(instant(x), 'TIMESTAMP')} ` +
      `THEN ${folded(`strftime(${instant(x)}, ${quoteText(format)})`)} = ${folded(x)} ELSE false END`,
    ...(order && {
      measures: (x) => [`count_if(day(${instant(x)}) > 12)`, `max(day(${instant(x)}))`],
      fit: ([proofs]) =>
        proofs > 0 ? { rule: dayRule({ format, order }), proven: true } : undefined,
      unfit: 'no day above 12 proves the order of day and month',
    }),
  };
}
