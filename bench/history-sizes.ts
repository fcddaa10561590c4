/** What a run has left with Temporal: its limits are 51,200 events, 50 MB of history and 2 MB a payload. */
import type { WorkflowHandle } from '@temporalio/client';

export interface HistorySizes {
  readonly events: number;
  readonly historyBytes: number;
  readonly largestPayloadBytes: number;
}

export async function sizesOf(
  handle: Pick<WorkflowHandle, 'describe' | 'fetchHistory'>,
): Promise<HistorySizes> {
  const { raw } = await handle.describe();
  const { events } = await handle.fetchHistory();
  return {
    events: events?.length ?? 0,
    historyBytes: Number(raw.workflowExecutionInfo?.historySizeBytes),
    largestPayloadBytes: largestPayload(events),
  };
}

function largestPayload(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const { data } = value as { data?: unknown };
  if (data instanceof Uint8Array) return data.length;
  return Object.values(value).reduce<number>(
    (largest, inner) => Math.max(largest, largestPayload(inner)),
    0,
  );
}
