/** How long another side asks to be left alone. */

/** Spreads the workers that were told to come back at the same time. */
const JITTER = 0.25;

/**
 * `Retry-After` (RFC 9110, 10.2.3: seconds or a date) as the least wait in milliseconds, with jitter on
 * top: Kaggle's is reported to be too short.
 */
export function parseRetryAfter(value: string | undefined): number | undefined {
  if (value === undefined || value.trim() === '') return undefined;
  const seconds = Number(value);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(value) - Date.now();
  if (!Number.isFinite(ms)) return undefined;
  return Math.ceil(Math.max(ms, 0) * (1 + Math.random() * JITTER));
}
