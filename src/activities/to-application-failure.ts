/** The one place that turns an error into what Temporal stores: type, retryability, evidence, next step. */
import {
  ApplicationFailure,
  ApplicationFailureCategory,
  CancelledFailure,
} from '@temporalio/common';
import type { FailureSummary } from '../contract.js';
import { ImportError, type ErrorCode } from '../errors/index.js';
import { WAITING_CODES } from '../errors/waits.js';
import { isDiskFull } from './disk-full.js';
import { retryDelayMs } from './retry-delay.js';

/**
 * Gives the failure an activity ends with. Its `type` is our code, its one detail a `FailureSummary`.
 * Waiting codes are not retried by Temporal: the workflow waits for them, where people can see it.
 */
export function toApplicationFailure(
  error: unknown,
  { cancelled, attempt }: { cancelled: boolean; attempt: number },
): Error {
  if (cancelled) return new CancelledFailure('The import was cancelled');
  if (error instanceof ApplicationFailure || error instanceof CancelledFailure) return error;
  const known = knownError(error);
  const { code, message, nextStep, context } = known;
  const nextRetryDelay = retryDelayMs(code, context, attempt);
  const summary: FailureSummary = { code, message, nextStep };
  const failure = ApplicationFailure.create({
    type: code,
    message,
    nonRetryable: !known.retryable || WAITING_CODES.includes(code),
    details: [summary],
    ...(nextRetryDelay !== undefined && { nextRetryDelay }),
    // Expected weather, not a defect: keeps it out of the error logs and failure metrics.
    ...(BENIGN.has(code) && { category: ApplicationFailureCategory.BENIGN }),
  });
  // Of where it happened, not of this line: for a defect that is what a person is asked to report.
  const { stack } = error instanceof Error ? error : known;
  if (stack !== undefined) failure.stack = stack;
  return failure;
}

const BENIGN = new Set<ErrorCode>(['RATE_LIMITED', 'HOST_FULL', 'IMPORT_RUNS']);

function knownError(error: unknown): ImportError {
  // Whatever a step made of it, it is the disk of this host; the store and the database have codes of their own.
  const elsewhere = error instanceof ImportError && /^(STORE|DATABASE)_/.test(error.code);
  if (!elsewhere && isDiskFull(error)) return new ImportError('DISK_FULL', { cause: error });
  if (error instanceof ImportError) return error;
  return new ImportError('UNEXPECTED', { cause: error, found: textOf(error) });
}

function textOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
