/** Days of workbooks: Excel counts them in two calendars, OpenDocument stores dates. */

/**
 * `1900` has a 29 February in that year, which is its day 60; `1904` begins with day 0. `civil` is OpenDocument's
 * ISO 8601, as SheetJS numbers it.
 */
export type Calendar = '1900' | '1904' | 'civil';

const DAY_MS = 86_400_000;
const DAY_0_OF_1904 = Date.UTC(1904, 0, 1);
/** Of 1900 from March on. */
const DAY_0 = Date.UTC(1899, 11, 30);
const LOST_DAY = 60;
const END = Date.UTC(9999, 11, 31) + DAY_MS;

/** `2020-01-02 03:04:05`, to the millisecond; `undefined` outside of the calendar. */
export function momentOf(days: number, calendar: Calendar): string | undefined {
  if (calendar === '1900' && Math.floor(days) === LOST_DAY) {
    return timestampText((days - LOST_DAY) * DAY_MS).replace('1970-01-01', '1900-02-29');
  }
  if (days < 0 && calendar !== 'civil') return undefined;
  const time = epochOf(days, calendar) + Math.round(days * DAY_MS);
  return time < END && time >= Date.UTC(0, 0, 1) ? timestampText(time) : undefined;
}

function epochOf(days: number, calendar: Calendar): number {
  if (calendar === '1904') return DAY_0_OF_1904;
  // SheetJS takes a day off dates before 28 February 1900, as Excel does: `datenum`.
  return days < LOST_DAY ? DAY_0 + DAY_MS : DAY_0;
}

/** Workbooks know no zones. */
function timestampText(time: number): string {
  const text = new Date(time).toISOString().replace('T', ' ');
  return text.slice(0, 19) + text.slice(19, 23).replace(/\.?0*$/, '');
}
