/** Batches that run, whoever has started them: a schedule gives each of its own an id of its own. */
import type { Client } from '@temporalio/client';
import { defaultPayloadConverter, WorkflowNotFoundError } from '@temporalio/common';
import {
  BATCH_MEMO,
  IMPORT_ALL_WORKFLOW_ID,
  PROGRESS_QUERY,
  type ImportAllInput,
  type ImportAllProgress,
} from '../contract.js';
import { runningImports } from '../temporal/runs.js';

export interface RunningBatch {
  readonly workflowId: string;
  readonly runId: string;
  /** That has started it. */
  readonly schedule?: string;
}

/** Without progress when no worker answers. */
export type BatchSight = Omit<RunningBatch, 'runId'> & Partial<Omit<ImportAllProgress, 'recent'>>;

/** Temporal's own: the schedule that a workflow was started by. */
const SCHEDULED_BY = 'TemporalScheduledById';
const PATIENCE_MS = 5_000;

export async function runningBatches(client: Client): Promise<RunningBatch[]> {
  const query = `WorkflowType = 'importAll' AND ExecutionStatus = 'Running'`;
  // The list may lag behind a batch that has only just begun.
  const ids = new Set<string>([IMPORT_ALL_WORKFLOW_ID]);
  for await (const { workflowId } of client.workflow.list({ query })) ids.add(workflowId);
  return (await Promise.all([...ids].map((id) => stillRunning(client, id)))).flat();
}

/** One or none: lists of Temporal lag behind what has only just ended. */
export async function stillRunning(client: Client, workflowId: string): Promise<RunningBatch[]> {
  const found = await client.workflow.getHandle(workflowId).describe().catch(missing);
  if (found?.status.name !== 'RUNNING') return [];
  const [schedule] = found.searchAttributes[SCHEDULED_BY] ?? [];
  const { runId } = found;
  return [{ workflowId, runId, ...(typeof schedule === 'string' && { schedule }) }];
}

export async function sightsOfBatches(client: Client): Promise<BatchSight[]> {
  const asked = (await runningBatches(client)).map(async ({ runId: _runId, ...batch }) => {
    const handle = client.workflow.getHandle(batch.workflowId);
    const ask = (): Promise<ImportAllProgress> => handle.query<ImportAllProgress>(PROGRESS_QUERY);
    const progress = await client
      .withDeadline(Date.now() + PATIENCE_MS, ask)
      .catch(() => undefined);
    const { recent: _recent, ...rest } = progress ?? {};
    return { ...batch, ...rest };
  });
  return Promise.all(asked);
}

/** Imports that batches have started; one that waits, or whose batch was terminated, goes on without it. */
export async function importsOfBatches(client: Client): Promise<RunningBatch[]> {
  const running = await runningImports(client);
  return running.filter(({ memo }) => typeof memo?.[BATCH_MEMO] === 'string');
}

/** `import-all-2026-11-27T02:00:00Z (schedule kaggle-import-daily)`. */
export function batchName({ workflowId, schedule }: Pick<BatchSight, 'workflowId' | 'schedule'>) {
  return schedule === undefined ? workflowId : `${workflowId} (schedule ${schedule})`;
}

/**
 * The batch that does what is asked for and runs already; `undefined` when there is none. Tells of those that do
 * something else.
 */
export async function batchToJoin(
  client: Client,
  wanted: ImportAllInput,
  note: (line: string) => void,
): Promise<RunningBatch | undefined> {
  const running = await runningBatches(client);
  const inputs = await Promise.all(running.map((batch) => inputOf(client, batch)));
  const same = running.find((_batch, index) => scopeOf(inputs[index]) === scopeOf(wanted));
  if (same) {
    if (same.workflowId !== IMPORT_ALL_WORKFLOW_ID) note(`Following ${batchName(same)}.`);
    return same;
  }
  for (const [index, batch] of running.entries()) {
    const other = `${batchName(batch)} runs with other input (${scopeOf(inputs[index])})`;
    const isInTheWay = batch.workflowId === IMPORT_ALL_WORKFLOW_ID;
    note(`${other}${isInTheWay ? '; following it' : '; what both import is imported once'}.`);
  }
  return running.find(({ workflowId }) => workflowId === IMPORT_ALL_WORKFLOW_ID);
}

/** What a batch is to do, in one way of writing. */
function scopeOf(input: ImportAllInput | null = {}): string {
  const { only, domains, small, force } = input ?? {};
  return JSON.stringify({
    ...(only && { only: [...only].sort() }),
    ...(domains && { domains: [...domains].sort() }),
    ...(small && { small }),
    ...(force && { force }),
  });
}

async function inputOf(
  client: Client,
  { workflowId, runId }: RunningBatch,
): Promise<ImportAllInput | null | undefined> {
  const { history } = await client.workflowService.getWorkflowExecutionHistory({
    namespace: client.options.namespace,
    execution: { workflowId, runId },
    maximumPageSize: 1,
  });
  const [payload] =
    history?.events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
  return payload ? defaultPayloadConverter.fromPayload<ImportAllInput>(payload) : undefined;
}

/** For what may not be there. */
export function missing(error: unknown): undefined {
  if (error instanceof WorkflowNotFoundError) return undefined;
  throw error;
}
