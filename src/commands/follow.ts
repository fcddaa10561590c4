/** Starts imports as a client of Temporal (or joins the ones that run) and follows them to their end. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  ServiceError,
  WorkflowFailedError,
  type Client,
  type WorkflowHandle,
} from '@temporalio/client';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import {
  IMPORT_ALL_WORKFLOW_ID,
  importWorkflowId,
  PROGRESS_QUERY,
  TASK_QUEUES,
  type FailureSummary,
  type ImportAllInput,
  type ImportAllProgress,
  type ImportAllResult,
  type ImportResult,
} from '../contract.js';
import { ImportError } from '../errors/index.js';
import type { importAll, importDataset } from '../workflows/index.js';
import type { CommandContext } from './context.js';
import { lookAt } from './look.js';
import { createReport, type Look } from './report.js';
import { batchToJoin } from './running-batches.js';

const LOOK_EVERY_MS = 1_000;

/** A run that ended may be run again; one that still runs is joined. */
const START = {
  taskQueue: TASK_QUEUES.control,
  workflowIdReusePolicy: 'ALLOW_DUPLICATE',
  workflowIdConflictPolicy: 'USE_EXISTING',
} as const;

/** Gives the outcome, also of a failed import. Throws INTERRUPTED when detached by Ctrl-C. */
export async function followDataset(
  client: Client,
  dataset: string,
  force: boolean,
  context: CommandContext,
): Promise<ImportResult> {
  const handle = await client.workflow.start<typeof importDataset>('importDataset', {
    ...START,
    workflowId: importWorkflowId(dataset),
    args: [{ dataset, ...(force && { force }) }],
    staticSummary: dataset,
  });
  try {
    return await follow(handle, () => lookAtImport(client, dataset), context);
  } catch (error) {
    const { summary, cancelled } = failureOf(error);
    return {
      ...{ dataset, tables: 0, carriedOver: 0, rows: 0, rejects: 0, warnings: [] },
      ...{ sourceBytes: 0, parquetBytes: 0, transferredBytes: 0, durationMs: 0 },
      outcome: cancelled ? 'cancelled' : 'failed',
      failure: summary,
    };
  }
}

/** Gives the id of the batch once it has gone through. Throws what kept it from that. */
export async function followAll(
  client: Client,
  input: ImportAllInput,
  context: CommandContext,
): Promise<string> {
  const runs = await batchToJoin(client, input, context.note);
  const handle = runs
    ? client.workflow.getHandle<typeof importAll>(runs.workflowId)
    : await client.workflow.start<typeof importAll>('importAll', {
        ...START,
        workflowId: IMPORT_ALL_WORKFLOW_ID,
        args: [input],
      });
  try {
    return (await follow(handle, () => lookAtBatch(client, handle), context)).batchId;
  } catch (error) {
    const { summary, details, cancelled } = failureOf(error);
    if (cancelled) throw new ImportError('CANCELLED', { place: handle.workflowId, cause: error });
    const whole = details[1] as ImportAllResult | undefined;
    if (whole) return whole.batchId;
    throw new ImportError('IMPORTS_FAILED', { found: summary.message, nextStep: summary.nextStep });
  }
}

async function lookAtImport(client: Client, dataset: string): Promise<Look> {
  return { sights: [await lookAt(client, dataset)] };
}

async function lookAtBatch(client: Client, handle: Followed): Promise<Look> {
  const batch = await handle.query<ImportAllProgress>(PROGRESS_QUERY).catch(() => undefined);
  const running = batch?.running ?? [];
  const sights = await Promise.all(running.map((dataset) => lookAt(client, dataset)));
  return { sights, ...(batch && { batch }) };
}

type Followed = Pick<WorkflowHandle, 'workflowId' | 'query'>;

async function follow<Result>(
  handle: Followed & { result(): Promise<Result> },
  look: () => Promise<Look>,
  context: CommandContext,
): Promise<Result> {
  const { signal } = context;
  const ended = handle.result().then(
    (value: Result) => ({ value }),
    (error: unknown) => ({ error: unreachable(handle.workflowId, error) }),
  );
  const interrupted = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
  // Nobody may be waiting for it when it comes.
  interrupted.catch(() => undefined);
  const detached = (cause: unknown): never => {
    throw new ImportError('INTERRUPTED', {
      found: `${handle.workflowId} goes on without it`,
      nextStep: `\`make status\` shows it; the same command joins it again, with \`--cancel\` it stops it.`,
      cause,
    });
  };
  const report = createReport(context);
  try {
    for (;;) {
      // Whoever has heard of the end does not stay for the rest of a pause.
      const pause = sleep(LOOK_EVERY_MS, undefined, { signal, ref: false });
      const outcome = await Promise.race([ended, pause]).catch(detached);
      if (outcome && 'value' in outcome) return outcome.value;
      if (outcome) throw outcome.error as Error;
      report.show(await Promise.race([look(), interrupted]).catch(detached));
    }
  } finally {
    report.end();
  }
}

/** A server that is away for longer than the client's own retries last says nothing about the import. */
function unreachable(workflowId: string, error: unknown): unknown {
  if (!(error instanceof ServiceError)) return error;
  return new ImportError('TEMPORAL_UNREACHABLE', {
    found: `no answer while following ${workflowId}, which goes on without it`,
    nextStep: 'Run the same command when the service is back: it joins the import that runs.',
    cause: error,
  });
}

function failureOf(error: unknown): {
  summary: FailureSummary;
  details: readonly unknown[];
  cancelled: boolean;
} {
  if (!(error instanceof WorkflowFailedError)) throw error;
  const { cause } = error;
  const details = cause instanceof ApplicationFailure ? (cause.details ?? []) : [];
  const summary = (details[0] as FailureSummary | undefined) ?? {
    code: cause instanceof CancelledFailure ? 'CANCELLED' : 'UNEXPECTED',
    message: cause?.message ?? error.message,
    nextStep: 'See the history in the Temporal Web UI.',
  };
  return { summary, details, cancelled: cause instanceof CancelledFailure };
}
