/** Why a running import does not get on: the step that Temporal repeats, and how it failed the last time. */
import type { WorkflowHandle } from '@temporalio/client';

/** Undefined while nothing is repeated, and when Temporal does not answer. */
export async function troubleOf(
  handle: Pick<WorkflowHandle, 'describe'>,
): Promise<string | undefined> {
  const description = await handle.describe().catch(() => undefined);
  for (const { activityType, attempt, lastFailure } of description?.raw.pendingActivities ?? []) {
    if (!lastFailure?.message) continue;
    const code = lastFailure.applicationFailureInfo?.type;
    const reason = [code, lastFailure.message].filter(Boolean).join(': ');
    return `attempt ${attempt ?? 1} of ${activityType?.name ?? 'a step'}, because of ${reason}`;
  }
  return undefined;
}
