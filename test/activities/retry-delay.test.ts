/** What Temporal is told to wait before the next attempt: durable, growing, and never below what was asked for. */
import { ApplicationFailure } from '@temporalio/common';
import { expect, test } from 'vitest';
import { toApplicationFailure } from '../../src/activities/to-application-failure.js';
import { ImportError, type ErrorCode } from '../../src/errors/index.js';

function delayOf(code: ErrorCode, attempt: number, retryAfterMs?: number): number | undefined {
  const error = new ImportError(code, retryAfterMs === undefined ? {} : { retryAfterMs });
  const failure = toApplicationFailure(error, { cancelled: false, attempt });
  expect(failure).toBeInstanceOf(ApplicationFailure);
  return (failure as ApplicationFailure).nextRetryDelay as number | undefined;
}

test('Retry-After is the least wait, also when it is longer than ours', () => {
  expect(delayOf('RATE_LIMITED', 1, 3_600_000)).toBeGreaterThanOrEqual(3_600_000);
  expect(delayOf('SOURCE_SERVER_ERROR', 1, 120_000)).toBeGreaterThanOrEqual(120_000);
  expect(delayOf('RATE_LIMITED', 1, 1e12)).toBeLessThanOrEqual(86_400_000);
});

test('a short Retry-After that does not help is not believed for ever', () => {
  const delays = [1, 2, 3, 4, 5].map((attempt) => delayOf('RATE_LIMITED', attempt, 1000)!);
  expect(delays.every((delay, index) => index === 0 || delay > delays[index - 1]!)).toBe(true);
  expect(delays.at(-1)).toBeGreaterThanOrEqual(80_000);
  expect(delayOf('RATE_LIMITED', 30)).toBeLessThanOrEqual(900_000 * 1.25);
});

test('workers that failed together do not come back together', () => {
  const delays = Array.from({ length: 20 }, () => delayOf('SOURCE_UNREACHABLE', 4));
  expect(new Set(delays).size).toBeGreaterThan(1);
});

test('other failures wait as their activity says', () => {
  expect(delayOf('DISK_FULL', 3)).toBeUndefined();
});
