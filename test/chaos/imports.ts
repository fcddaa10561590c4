/** The imports of a campaign: started, interfered with, and their ends as the server tells them. */
import {
  WorkflowExecutionAlreadyStartedError,
  type Client,
  type WorkflowHandle,
} from '@temporalio/client';
import {
  BATCH_MEMO,
  importWorkflowId,
  RETRY_NOW_SIGNAL,
  TASK_QUEUES,
  type ImportDatasetInput,
  type ImportResult,
} from '../../src/contract.js';
import type { importDataset } from '../../src/workflows/index.js';
import { patiently } from './patience.js';

/** One run, as the server knows it: what the judge holds the catalog against. */
export interface RunRecord {
  readonly dataset: string;
  readonly workflowId: string;
  readonly runId: string;
  readonly force: boolean;
  /** Of the result; else how the server says that it ended. */
  readonly ended: string;
  readonly version?: string;
  readonly prefix?: string;
  /** Of a failure. */
  readonly code?: string;
  /** Whether it got as far as to say that it exists: a run that is ended before has nothing to record. */
  readonly began: boolean;
}

export interface Run {
  readonly input: ImportDatasetInput;
  readonly runId: string;
  /** Of this run, whichever comes after it. */
  readonly handle: WorkflowHandle<typeof importDataset>;
}

/** What a person may do to an import under way. */
export type Interference = 'cancelled' | 'terminated';

/** A server that stands still has taken the request or not: it is asked again, and says so. */
const PATIENCE_MS = 20_000;

/** @param batchId - starts it as a batch of that id does: what is small goes the short way */
export async function startImport(
  client: Client,
  input: ImportDatasetInput,
  workflowId = importWorkflowId(input.dataset),
  batchId?: string,
): Promise<Run> {
  const start = (): Promise<unknown> =>
    client.workflow.start<typeof importDataset>('importDataset', {
      ...{ taskQueue: TASK_QUEUES.control, workflowId, args: [input] },
      ...(batchId !== undefined && { memo: { [BATCH_MEMO]: batchId } }),
    });
  await patiently(() => client.withDeadline(Date.now() + PATIENCE_MS, start)).catch(
    (error: unknown) => {
      // By an attempt whose answer was lost.
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    },
  );
  const { runId } = await patiently(() => client.workflow.getHandle(workflowId).describe());
  return { input, runId, handle: client.workflow.getHandle(workflowId, runId) };
}

/** Does nothing to a run that has ended. */
export async function interfere({ handle }: Run, how: Interference): Promise<void> {
  const act = (): Promise<unknown> =>
    how === 'cancelled' ? handle.cancel() : handle.terminate('by the campaign');
  await patiently(act).catch(() => undefined);
}

export async function endOf({ handle, runId, input }: Run): Promise<RunRecord> {
  const { dataset, force = false } = input;
  const run = { dataset, workflowId: handle.workflowId, runId, force };
  const result = await patiently(() => handle.result()).catch((error: unknown) => error as Error);
  if (!(result instanceof Error)) {
    const { outcome: ended, version, prefix }: ImportResult = result;
    const what = {
      ...(version !== undefined && { version }),
      ...(prefix !== undefined && { prefix }),
    };
    return { ...run, ended, began: true, ...what };
  }
  const { status } = await patiently(() => handle.describe());
  const began = await hasBegun(handle);
  const ended = status.name.toLowerCase();
  const { type } = (result.cause ?? {}) as { type?: string };
  return { ...run, ended, began, ...(ended === 'failed' && { code: type ?? result.message }) };
}

/** Its first step, which makes its row, is done. */
async function hasBegun(handle: Run['handle']): Promise<boolean> {
  const { events } = await patiently(() => handle.fetchHistory());
  return (events ?? []).some((event) => event.activityTaskCompletedEventAttributes);
}

/** Whoever waits for a person looks again: those that found no room on a disk. */
export async function wakeAll(client: Client, datasets: readonly string[]): Promise<void> {
  for (const dataset of datasets) {
    const handle = client.workflow.getHandle(importWorkflowId(dataset));
    await patiently(() => handle.signal(RETRY_NOW_SIGNAL)).catch(() => undefined);
  }
}
