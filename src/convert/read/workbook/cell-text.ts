/** What a cell says: what a person reads in it, without a loss. */
import type { CellObject } from '@e965/xlsx';

export interface CellReading {
  /** Of a date: `2020-01-02 03:04:05`, with a fraction where there is one; its column decides how much is written. */
  readonly text: string;
  readonly isDate: boolean;
}

const DAY_MS = 86_400_000;
/** Day 0 of Excel's two calendars: a time of day without a day. */
const EPOCH_1900 = Date.UTC(1899, 11, 31);
const EPOCH_1904 = Date.UTC(1904, 0, 1);
/** Excel's 1900 has a 29 February, which is its day 60. */
const FIRST_OF_MARCH = Date.UTC(1900, 2, 1);
const LOST_DAY = 60;

/** What is no letter of a format: texts, escapes, pads, colours, conditions, countries (ECMA-376, 18.8.31). */
const NO_LETTERS = /"[^"]*"|\\.|_.|\*.|\[[^\]]*\]/g;
const ELAPSED = /\[(h+|m+|s+)\]/i;
const HAS_DAY = /[ydbeg]|mmm/i;
const HAS_TIME = /[hs]/i;

/** `undefined` for a cell without a value: empty, an error, a formula that nobody has calculated. */
export function readCell(cell: CellObject | undefined, is1904: boolean): CellReading | undefined {
  if (cell?.v === undefined || cell.t === 'e' || cell.t === 'z') return undefined;
  const format = typeof cell.z === 'string' ? cell.z : '';
  const letters = format.replace(NO_LETTERS, '').split(';')[0]!;
  if (cell.v instanceof Date) {
    const time = wholeSecond(cell.v.getTime());
    const elapsed = isDuration(time, format, letters, is1904);
    return elapsed
      ? { text: durationText(sinceEpoch(time, is1904)), isDate: false }
      : { text: timestampText(time), isDate: true };
  }
  if (cell.t === 'n' && cell.v === LOST_DAY && !is1904 && HAS_DAY.test(letters)) {
    return { text: '1900-02-29 00:00:00', isDate: true };
  }
  const text = String(cell.v);
  return text === '' ? undefined : { text, isDate: false };
}

/** One spelling for the dates of a column: a time among dates makes timestamps of them all. */
export function dateSpelling(
  dates: readonly string[],
  is1904: boolean,
): (timestamp: string) => string {
  const epoch = timestampText(is1904 ? EPOCH_1904 : EPOCH_1900).slice(0, 10);
  if (dates.every((text) => text.startsWith(epoch))) return (text) => text.slice(11);
  return dates.every((text) => text.endsWith(' 00:00:00'))
    ? (text) => text.slice(0, 10)
    : (text) => text;
}

/** A stored second may be a little less than one. */
function wholeSecond(time: number): number {
  return (time + 1) % 1000 === 0 ? time + 1 : time;
}

/** A format without a day shows the hours of all days; within one day it is a time unless it asks for more. */
function isDuration(time: number, format: string, letters: string, is1904: boolean): boolean {
  if (HAS_DAY.test(letters)) return false;
  if (ELAPSED.test(format)) return true;
  const since = sinceEpoch(time, is1904);
  return HAS_TIME.test(letters) && (since < 0 || since >= DAY_MS);
}

/** Milliseconds, the lost day counted as Excel does. */
function sinceEpoch(time: number, is1904: boolean): number {
  if (is1904) return time - EPOCH_1904;
  return time - EPOCH_1900 + (time >= FIRST_OF_MARCH ? DAY_MS : 0);
}

/** `255:10:10`. */
function durationText(ms: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const seconds = Math.floor(Math.abs(ms) / 1000);
  const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map(two);
  return `${ms < 0 ? '-' : ''}${clock.join(':')}${fractionOf(Math.abs(ms) % 1000)}`;
}

/** Excel knows no zones. */
function timestampText(time: number): string {
  const text = new Date(time).toISOString().replace('T', ' ').slice(0, 19);
  return text + fractionOf(((time % 1000) + 1000) % 1000);
}

function fractionOf(ms: number): string {
  return ms === 0 ? '' : `.${String(ms).padStart(3, '0').replace(/0+$/, '')}`;
}
