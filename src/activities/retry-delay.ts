/** How long the next attempt waits for a source: at least as asked, longer each time, never in step with others. */
import type { ErrorCode, ErrorContext } from '../errors/index.js';

interface Backoff {
  readonly firstMs: number;
  readonly maxMs: number;
}

/** Of what passes by itself at the other side; any other failure waits as its activity's policy says. */
const BACKOFF: Partial<Record<ErrorCode, Backoff>> = {
  RATE_LIMITED: { firstMs: 5_000, maxMs: 900_000 },
  SOURCE_UNREACHABLE: { firstMs: 1_000, maxMs: 60_000 },
  SOURCE_SERVER_ERROR: { firstMs: 1_000, maxMs: 120_000 },
  IMPORT_RUNS: { firstMs: 1_000, maxMs: 5_000 },
  HOST_FULL: { firstMs: 500, maxMs: 5_000 },
  DOWNLOAD_INTERRUPTED: { firstMs: 2_000, maxMs: 300_000 },
  DOWNLOAD_STALLED: { firstMs: 2_000, maxMs: 300_000 },
};
/** Longer than this is a mistake of the other side, and would hide a dataset that is never imported. */
const MAX_ASKED_MS = 24 * 3_600_000;
/** Workers that failed at the same time must not come back at the same time. */
const JITTER = 0.25;

/**
 * Milliseconds, for Temporal to wait: no worker and no thread is held. `undefined` leaves it to the policy.
 * `Retry-After` is a minimum, for Kaggle's is reported to be too short.
 * @param attempt - the one that failed, from 1
 */
export function retryDelayMs(
  code: ErrorCode,
  { retryAfterMs }: ErrorContext,
  attempt: number,
): number | undefined {
  const backoff = BACKOFF[code];
  const askedMs = retryAfterMs === undefined ? undefined : Math.min(retryAfterMs, MAX_ASKED_MS);
  if (!backoff) return askedMs;
  const growing = Math.min(backoff.maxMs, backoff.firstMs * 2 ** (attempt - 1));
  return Math.ceil(Math.max(askedMs ?? 0, growing * (1 + Math.random() * JITTER)));
}
