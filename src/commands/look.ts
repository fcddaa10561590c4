/** One look at a running import: what its workflow says, and what Temporal knows of the activities under way. */
import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import {
  importWorkflowId,
  PROGRESS_QUERY,
  type ImportProgress,
  type StepProgress,
} from '../contract.js';
import { humanAge } from '../human.js';
import { troubleIn, WAITING, type Trouble } from './trouble.js';

export interface Sight {
  readonly dataset: string;
  /** Undefined when no worker answers: one that is busy or restarting does not disturb the import. */
  readonly progress?: ImportProgress;
  /** What does not get on, and why. */
  readonly trouble?: Trouble;
  /** A step that no worker has had time for yet. */
  readonly queued?: string;
}

/** For what a worker has to answer: without one, Temporal itself waits for long. */
const PATIENCE_MS = 5_000;
/** Any step is queued for a moment. */
const QUEUED_AFTER_MS = 5_000;
/** `PENDING_ACTIVITY_STATE_SCHEDULED` of temporal.api.enums.v1. */
const SCHEDULED: number = 1;

/** Never throws: an import of which nothing can be known is one that nobody answers for. */
export async function lookAt(
  client: Client,
  dataset: string,
  run?: { readonly workflowId: string; readonly runId: string },
): Promise<Sight> {
  const handle = client.workflow.getHandle(
    run?.workflowId ?? importWorkflowId(dataset),
    run?.runId,
  );
  const ask = (): Promise<ImportProgress> => handle.query<ImportProgress>(PROGRESS_QUERY);
  const [told, description] = await Promise.all([
    client.withDeadline(Date.now() + PATIENCE_MS, ask).catch(() => undefined),
    handle.describe().catch(() => undefined),
  ]);
  const steps = description && stepsIn(description);
  // A heartbeat is newer than what a worker has told of it.
  const progress = told && { ...told, ...(steps && steps.length > 0 && { steps }) };
  const trouble = troubleOf(progress, description);
  const queued = description && queuedIn(description);
  return {
    dataset,
    ...(progress && { progress }),
    ...(trouble && { trouble }),
    ...(queued !== undefined && { queued }),
  };
}

function troubleOf(
  progress: ImportProgress | undefined,
  description: WorkflowExecutionDescription | undefined,
): Trouble | undefined {
  const { waitingFor } = progress ?? {};
  if (waitingFor !== undefined) return { step: WAITING, reason: waitingFor };
  return description && troubleIn(description);
}

/** Of heartbeats; an activity that has said nothing yet has none. */
function stepsIn({ raw }: WorkflowExecutionDescription): StepProgress[] {
  return (raw.pendingActivities ?? []).flatMap(({ heartbeatDetails }) => {
    const [payload] = heartbeatDetails?.payloads ?? [];
    const step = payload && defaultPayloadConverter.fromPayload<Partial<StepProgress>>(payload);
    return step?.doing === undefined ? [] : [step as StepProgress];
  });
}

function queuedIn({ raw }: WorkflowExecutionDescription): string | undefined {
  for (const { state, attempt, activityType, scheduledTime } of raw.pendingActivities ?? []) {
    if (Number(state) !== SCHEDULED || (attempt ?? 1) > 1 || !scheduledTime) continue;
    const since = new Date(Number(scheduledTime.seconds) * 1000).toISOString();
    if (Date.now() - Date.parse(since) < QUEUED_AFTER_MS) continue;
    return `${activityType?.name ?? 'a step'} waits for a free worker since ${humanAge(since)}`;
  }
  return undefined;
}
