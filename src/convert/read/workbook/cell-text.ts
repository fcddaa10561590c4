/** What a cell says: what a person reads in it, without a loss. */
import { SSF, type CellObject } from '@e965/xlsx';
import { momentOf, type Calendar } from './calendar.js';

export interface CellReading {
  /** Of a date: `2020-01-02 03:04:05`, with a fraction where there is one; its column decides how much is written. */
  readonly text: string;
  readonly isDate: boolean;
}

const DAY_MS = 86_400_000;
/** From so many days on, what is shown as a time of day is one of a day that is not shown. */
const LONGEST_DURATION = 366;

/** What is no letter of a format: texts, escapes, pads, colours, conditions, countries (ECMA-376, 18.8.31). */
const NO_LETTERS = /"[^"]*"|\\.|_.|\*.|\[[^\]]*\]/g;
const ELAPSED = /\[(h+|m+|s+)\]/i;
const HAS_DAY = /[ydbeg]|mmm/i;
const { is_date: isDateFormat } = SSF as { is_date: (format: string) => boolean };

/** `undefined` for a cell without a value: empty, an error, a formula that nobody has calculated. */
export function readCell(
  cell: CellObject | undefined,
  calendar: Calendar,
): CellReading | undefined {
  if (cell?.v === undefined || cell.t === 'e' || cell.t === 'z') return undefined;
  const format = typeof cell.z === 'string' ? cell.z : '';
  if (typeof cell.v === 'number' && isDateFormat(format)) {
    const reading = readMoment(cell.v, format, calendar);
    if (reading) return reading;
  }
  const text = String(cell.v);
  return text === '' ? undefined : { text, isDate: false };
}

/** One spelling for the dates of a column: a time among dates makes timestamps of them all. */
export function dateSpelling(dates: readonly string[]): (timestamp: string) => string {
  return dates.every((text) => text.endsWith(' 00:00:00'))
    ? (text) => text.slice(0, 10)
    : (text) => text;
}

/** `undefined` for days that no calendar has: Excel shows them as `#####`. */
function readMoment(days: number, format: string, calendar: Calendar): CellReading | undefined {
  const hasDay = HAS_DAY.test(format.replace(NO_LETTERS, '').split(';')[0]!);
  if (ELAPSED.test(format)) return { text: durationText(days), isDate: false };
  // Day 0 of 1900 is none.
  if (days >= 0 && days < (hasDay ? firstDay(calendar) : longestDuration(calendar))) {
    return { text: durationText(days), isDate: false };
  }
  const text = momentOf(days, calendar);
  return text === undefined ? undefined : { text, isDate: true };
}

/** OpenDocument keeps times and dates apart. */
function longestDuration(calendar: Calendar): number {
  return calendar === 'civil' ? Infinity : LONGEST_DURATION;
}

function firstDay(calendar: Calendar): number {
  return calendar === '1900' ? 1 : 0;
}

/** `06:00:00`, `255:10:10`, to the millisecond. */
function durationText(days: number): string {
  const ms = Math.round(Math.abs(days) * DAY_MS);
  const seconds = Math.floor(ms / 1000);
  const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const text = clock.map((value) => String(value).padStart(2, '0')).join(':');
  return `${days < 0 && ms > 0 ? '-' : ''}${text}${fractionOf(ms % 1000)}`;
}

/** `.25`; nothing for a whole second. */
function fractionOf(ms: number): string {
  return ms === 0 ? '' : `.${String(ms).padStart(3, '0').replace(/0+$/, '')}`;
}
