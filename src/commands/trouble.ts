/** Why a running import does not get on: the step that Temporal repeats, how it failed the last time, and what helps. */
import type { Client, WorkflowHandle } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import {
  importWorkflowId,
  PROGRESS_QUERY,
  type FailureSummary,
  type ImportProgress,
} from '../contract.js';

export interface Trouble {
  /** What is repeated: `attempt 3 of storeTable`. */
  readonly step: string;
  readonly reason: string;
  /** For people. */
  readonly nextStep?: string;
}

/** Undefined while nothing is repeated, and when Temporal does not answer. */
export async function troubleOf(
  handle: Pick<WorkflowHandle, 'describe'>,
): Promise<Trouble | undefined> {
  const description = await handle.describe().catch(() => undefined);
  for (const pending of description?.raw.pendingActivities ?? []) {
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

/** Of a batch: by dataset, of those that do not get on. Also of one that waits for a person. */
export async function troublesOf(
  client: Client,
  datasets: readonly string[],
): Promise<ReadonlyMap<string, Trouble>> {
  const found = await Promise.all(
    datasets.map(async (dataset): Promise<[string, Trouble | undefined]> => {
      const handle = client.workflow.getHandle(importWorkflowId(dataset));
      const progress = await handle.query<ImportProgress>(PROGRESS_QUERY).catch(() => undefined);
      const { waitingFor } = progress ?? {};
      if (waitingFor !== undefined) return [dataset, { step: 'waiting', reason: waitingFor }];
      return [dataset, await troubleOf(handle)];
    }),
  );
  return new Map(found.filter((pair): pair is [string, Trouble] => pair[1] !== undefined));
}
