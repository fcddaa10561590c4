/** Why a running import does not get on: the step that Temporal repeats, how it failed the last time, and what helps. */
import type { WorkflowExecutionDescription } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import type { FailureSummary } from '../contract.js';

export interface Trouble {
  /** What is repeated: `attempt 3 of storeTable`. */
  readonly step: string;
  readonly reason: string;
  /** For people. */
  readonly nextStep?: string;
}

/** The step of an import that waits for a person, or for the source. */
export const WAITING = 'waiting';

/** Undefined while nothing is repeated. */
export function troubleIn({ raw }: WorkflowExecutionDescription): Trouble | undefined {
  for (const pending of raw.pendingActivities ?? []) {
    const { activityType, attempt, lastFailure, maximumAttempts } = pending;
    if (!lastFailure?.message) continue;
    const { type, details } = lastFailure.applicationFailureInfo ?? {};
    const [payload] = details?.payloads ?? [];
    const summary =
      payload && defaultPayloadConverter.fromPayload<Partial<FailureSummary>>(payload);
    const repeated = `attempt ${attempt ?? 1} of ${activityType?.name ?? 'a step'}`;
    if (lastFailure.timeoutFailureInfo) {
      return {
        step: repeated,
        reason: `no sign of life from its worker (${lastFailure.message})`,
        nextStep:
          'Nothing while a worker runs: the step is repeated; `make up` starts one where none runs.',
      };
    }
    const limit = maximumAttempts ? `, up to ${maximumAttempts} times` : '';
    return {
      step: repeated,
      reason: [type, lastFailure.message].filter(Boolean).join(': '),
      ...(summary?.nextStep !== undefined && {
        nextStep: `${summary.nextStep} Meanwhile the step is repeated${limit}.`,
      }),
    };
  }
  return undefined;
}

/** `attempt 3 of storeTable, because of STORE_UNREACHABLE: ...`. */
export function troubleText({ step, reason }: Trouble): string {
  return step === WAITING ? `waiting: ${reason}` : `${step}, because of ${reason}`;
}
