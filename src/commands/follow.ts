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
  type ImportProgress,
  type ImportResult,
} from '../contract.js';
import { ImportError } from '../errors/index.js';
import type { importAll, importDataset } from '../workflows/index.js';
import { humanBytes, type CommandContext } from './context.js';
import { troubleOf, troublesOf, type Trouble } from './trouble.js';

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
    return await follow(handle, () => lookAtImport(handle, dataset), context);
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

/** Gives every outcome, in the order of the configuration. Throws what kept the batch from starting. */
export async function followAll(
  client: Client,
  input: ImportAllInput,
  context: CommandContext,
): Promise<readonly ImportResult[]> {
  const handle = await client.workflow.start<typeof importAll>('importAll', {
    ...START,
    workflowId: IMPORT_ALL_WORKFLOW_ID,
    args: [input],
  });
  try {
    return (await follow(handle, () => lookAtBatch(client, handle), context)).imports;
  } catch (error) {
    const { summary, details, cancelled } = failureOf(error);
    if (cancelled) throw new ImportError('CANCELLED', { place: handle.workflowId, cause: error });
    const whole = details[1] as ImportAllResult | undefined;
    if (whole) return whole.imports;
    throw new ImportError('IMPORTS_FAILED', { found: summary.message, nextStep: summary.nextStep });
  }
}

/** What a look at a running import shows. */
interface Sight {
  /** How far it is; undefined when no worker answers: one that is busy or restarting does not disturb the import. */
  readonly progress: string | undefined;
  /** What stands beside it: who is held up. */
  readonly heldUp: string | undefined;
  /** By dataset. */
  readonly troubles: ReadonlyMap<string, Trouble>;
}

async function lookAtImport(handle: Followed, dataset: string): Promise<Sight> {
  const [progress, trouble] = await Promise.all([
    handle.query<ImportProgress>(PROGRESS_QUERY).catch(() => undefined),
    troubleOf(handle),
  ]);
  const troubles = new Map(trouble ? [[dataset, trouble]] : []);
  return { progress: progress && describeImport(progress), heldUp: trouble?.step, troubles };
}

async function lookAtBatch(client: Client, handle: Followed): Promise<Sight> {
  const progress = await handle.query<ImportAllProgress>(PROGRESS_QUERY).catch(() => undefined);
  const troubles = await troublesOf(client, progress?.running ?? []);
  const held = [...troubles.keys()].join(', ');
  return {
    progress: progress && describeBatch(progress),
    heldUp: held === '' ? undefined : `held up: ${held}`,
    troubles,
  };
}

type Followed = Pick<WorkflowHandle, 'workflowId' | 'query' | 'describe'>;

async function follow<Result>(
  handle: Followed & { result(): Promise<Result> },
  look: () => Promise<Sight>,
  { note, signal }: CommandContext,
): Promise<Result> {
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
  let seen = '';
  let last = '';
  /** A reason is told once, however often the step is repeated and whichever datasets it holds up. */
  const told = new Set<string>();
  for (;;) {
    const pause = sleep(LOOK_EVERY_MS, undefined, { signal });
    const outcome = await Promise.race([ended, pause]).catch(detached);
    if (outcome && 'value' in outcome) return outcome.value;
    if (outcome) throw outcome.error as Error;
    const sight = await Promise.race([look(), interrupted]).catch(detached);
    seen = sight.progress ?? seen;
    const line = [seen, sight.heldUp].filter(Boolean).join('; ');
    if (line !== last) note(line);
    last = line;
    for (const [dataset, { step, reason, nextStep }] of sight.troubles) {
      if (told.has(reason)) continue;
      told.add(reason);
      note(`${dataset}: ${step}, because of ${reason}`);
      if (nextStep !== undefined) note(`  Next step: ${nextStep}`);
    }
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

function describeImport({ dataset, stage, waitingFor, ...progress }: ImportProgress): string {
  if (waitingFor !== undefined) return `${dataset}: waiting: ${waitingFor}`;
  const { tables, tablesStored, bytes } = progress;
  const amount = tables > 0 ? `, ${tablesStored} of ${tables} tables, ${humanBytes(bytes)}` : '';
  return `${dataset}: ${stage}${amount}`;
}

function describeBatch({ total, running, finished }: ImportAllProgress): string {
  return `${finished.length} of ${total} datasets done; running: ${running.join(', ') || '-'}`;
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
