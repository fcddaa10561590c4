/** Numbers as people read them: sizes, counts, durations, ages. */

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];
const MINUTE_S = 60;
const HOUR_S = 3_600;
const DAY_S = 86_400;

/** `1536` -> `1.5 kB`; powers of 1000. */
export function humanBytes(bytes: number): string {
  const power = bytes < 1000 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), UNITS.length - 1);
  return `${power === 0 ? Math.round(bytes) : (bytes / 1000 ** power).toFixed(1)} ${UNITS[power]}`;
}

/** `5984336` -> `5,984,336`. */
export function humanCount(count: number): string {
  return Math.round(count).toLocaleString('en');
}

/** A time that is not yet over: `8 s`, `4 min`, `2 h 05 min`, `3 d`. */
export function humanSeconds(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 2 * MINUTE_S) return `${whole} s`;
  if (whole < 2 * HOUR_S) return `${Math.round(whole / MINUTE_S)} min`;
  if (whole >= 2 * DAY_S) return `${Math.floor(whole / DAY_S)} d`;
  const minutes = Math.floor((whole % HOUR_S) / MINUTE_S);
  return `${Math.floor(whole / HOUR_S)} h ${String(minutes).padStart(2, '0')} min`;
}

/** How long ago an instant (ISO 8601) was, in one unit: `42 s`, `5 min`, `30 h`, `12 d`. */
export function humanAge(instant: string, now = Date.now()): string {
  const seconds = Math.max(0, Math.floor((now - Date.parse(instant)) / 1000));
  if (seconds < 2 * MINUTE_S) return `${seconds} s`;
  if (seconds < 2 * HOUR_S) return `${Math.floor(seconds / MINUTE_S)} min`;
  if (seconds < 2 * DAY_S) return `${Math.floor(seconds / HOUR_S)} h`;
  return `${Math.floor(seconds / DAY_S)} d`;
}

/** `2026-11-25T02:01:40.306Z` -> `2026-11-25 02:01:40 UTC`, which no time zone beside it can be taken for. */
export function inUtc(instant: string): string {
  return `${instant.slice(0, 19).replace('T', ' ')} UTC`;
}
