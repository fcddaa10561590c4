/** Reading and making failures inside workflows, where only ApplicationFailure may be thrown. */
import {
  ActivityFailure,
  ApplicationFailure,
  ChildWorkflowFailure,
  TimeoutFailure,
} from '@temporalio/workflow';
import type { FailureSummary } from '../contract.js';
import {
  HOST_LOST_CODES,
  SOURCE_CHANGED_CODE,
  TABLE_FAILURE_CODES,
  OUTAGE_CODES,
  SERVICE_OUTAGE_CODES,
  WAITING_CODES,
} from '../errors/waits.js';
import { workflowErrors } from '../errors/workflow.js';

/** A failure that the workflow itself decides on, in the words of the table of errors. */
export function summaryFor(code: keyof typeof workflowErrors): FailureSummary {
  const { summary, nextStep } = workflowErrors[code];
  return { code, message: summary, nextStep };
}

/** What a person should read of a failed activity or child workflow. */
export function summaryOf(error: unknown): FailureSummary {
  const cause = rootOf(error);
  if (cause instanceof ApplicationFailure) {
    const [summary] = (cause.details ?? []) as (FailureSummary | undefined)[];
    if (typeof summary?.code === 'string') return summary;
    return unexpected(cause.type ?? 'UNEXPECTED', cause.message);
  }
  if (cause instanceof TimeoutFailure) {
    const untaken = cause.timeoutType === 'SCHEDULE_TO_START';
    const { message, ...rest } = summaryFor(untaken ? 'HOSTS_LOST' : 'STEP_TIMED_OUT');
    return { ...rest, message: untaken ? message : `${message}: ${cause.timeoutType}` };
  }
  return unexpected('UNEXPECTED', cause instanceof Error ? cause.message : String(cause));
}

/** True when the host that has the files is gone, or has lost them. */
export function isHostLost(error: unknown): boolean {
  const cause = rootOf(error);
  if (isUntaken(error)) return true;
  return cause instanceof ApplicationFailure && HOST_LOST_CODES.includes(cause.type ?? '');
}

/** True when the source is at another version by now. */
export function isSourceChanged(error: unknown): boolean {
  const cause = rootOf(error);
  return cause instanceof ApplicationFailure && cause.type === SOURCE_CHANGED_CODE;
}

/** True when it is the fault of one table. */
export function isTableFailure(error: unknown): boolean {
  const cause = rootOf(error);
  return cause instanceof ApplicationFailure && TABLE_FAILURE_CODES.includes(cause.type ?? '');
}

/** True when no worker took the task in time. */
export function isUntaken(error: unknown): boolean {
  const cause = rootOf(error);
  return cause instanceof TimeoutFailure && cause.timeoutType === 'SCHEDULE_TO_START';
}

/** True when time or a person can mend it. */
export function isWorthWaiting(error: unknown): boolean {
  return WAITING_CODES.includes(summaryOf(error).code);
}

/** True when the source is away, for this import and every other. */
export function isOutage(error: unknown): boolean {
  return OUTAGE_CODES.includes(summaryOf(error).code);
}

/** True when the store or the catalog is away. */
export function isServiceOutage(error: unknown): boolean {
  return SERVICE_OUTAGE_CODES.includes(summaryOf(error).code);
}

export function failed(summary: FailureSummary, ...details: unknown[]): ApplicationFailure {
  const { code, message } = summary;
  return ApplicationFailure.create({
    type: code,
    message,
    nonRetryable: true,
    details: [summary, ...details],
  });
}

function unexpected(code: string, message: string): FailureSummary {
  const nextStep = 'See the history in the Temporal Web UI and report the stack trace.';
  return { code, message, nextStep };
}

function rootOf(error: unknown): unknown {
  const wrapped = error instanceof ActivityFailure || error instanceof ChildWorkflowFailure;
  return wrapped && error.cause !== undefined ? rootOf(error.cause) : error;
}
