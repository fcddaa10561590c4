/** What runs now, as Temporal knows it: imports, the batch, what holds them up, and when the next one is planned. */
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import {
  IMPORT_ALL_WORKFLOW_ID,
  PROGRESS_QUERY,
  SEARCH_ATTRIBUTES,
  type ImportAllProgress,
} from '../contract.js';
import { lookAt, type Sight } from './look.js';

export interface Run {
  readonly workflowId: string;
  readonly runId: string;
}

export interface Planned {
  readonly schedule: string;
  readonly paused: boolean;
  /** ISO 8601, UTC. */
  readonly nextRun?: string;
}

export interface Running {
  readonly sights: readonly Sight[];
  readonly runs: readonly Run[];
  /** Batches that run and whose worker answers. */
  readonly batches: ReadonlyArray<
    Omit<ImportAllProgress, 'recent'> & { readonly workflowId: string }
  >;
  readonly schedules: readonly Planned[];
}

/** @param only - of this dataset */
export async function whatRuns(client: Client, only?: string): Promise<Running> {
  const runs: (Run & { dataset: string })[] = [];
  const query = `WorkflowType = 'importDataset' AND ExecutionStatus = 'Running'`;
  for await (const { workflowId, runId, searchAttributes } of client.workflow.list({ query })) {
    const [named] = searchAttributes?.[SEARCH_ATTRIBUTES.dataset] ?? [];
    const dataset = typeof named === 'string' ? named : workflowId.replace(/^import:/, '');
    if (only === undefined || dataset === only) runs.push({ workflowId, runId, dataset });
  }
  const [sights, batches, schedules] = await Promise.all([
    Promise.all(runs.map(({ dataset, ...run }) => lookAt(client, dataset, run))),
    only === undefined ? batchProgress(client) : [],
    plannedBatches(client),
  ]);
  return {
    // The last moment of an import: its outcome is known.
    sights: sights.filter(({ progress }) => progress?.stage !== 'done'),
    runs,
    batches,
    schedules,
  };
}

/** For machines: what runs with its progress, and of whom no worker answers. */
export function plainly(running: Running | undefined) {
  if (!running) return {};
  const { sights, batches, schedules } = running;
  return {
    running: sights.flatMap(({ progress, trouble, queued }) =>
      progress
        ? [{ ...progress, ...(trouble && { trouble }), ...(queued !== undefined && { queued }) }]
        : [],
    ),
    silent: sights.flatMap(({ dataset, progress }) => (progress ? [] : [dataset])),
    batches,
    schedules,
  };
}

/** Workflow ids of the batches that run, of a schedule's too. */
export async function runningBatches(client: Client): Promise<string[]> {
  const query = `WorkflowType = 'importAll' AND ExecutionStatus = 'Running'`;
  // The list may lag behind a batch that has only just begun.
  const found = new Set<string>([IMPORT_ALL_WORKFLOW_ID]);
  for await (const { workflowId } of client.workflow.list({ query })) found.add(workflowId);
  return [...found];
}

async function batchProgress(client: Client): Promise<Running['batches']> {
  const asked = (await runningBatches(client)).map(async (workflowId) => {
    const handle = client.workflow.getHandle(workflowId);
    const description = await handle.describe().catch(missing);
    if (description?.status.name !== 'RUNNING') return [];
    const ask = (): Promise<ImportAllProgress> => handle.query<ImportAllProgress>(PROGRESS_QUERY);
    const progress = await client.withDeadline(Date.now() + 5_000, ask).catch(() => undefined);
    if (!progress) return [];
    const { recent: _recent, ...rest } = progress;
    return [{ workflowId, ...rest }];
  });
  return (await Promise.all(asked)).flat();
}

/** Whoever made the schedules, and under whatever name. */
async function plannedBatches(client: Client): Promise<Planned[]> {
  const planned: Planned[] = [];
  for await (const { scheduleId, action, state, info } of client.schedule.list()) {
    if (action?.workflowType !== 'importAll' && action?.workflowType !== 'importDataset') continue;
    const next = info.nextActionTimes.find((time) => time.getTime() > Date.now());
    const nextRun = state.paused ? undefined : next?.toISOString();
    planned.push({
      schedule: scheduleId,
      paused: state.paused,
      ...(nextRun !== undefined && { nextRun }),
    });
  }
  return planned.sort((one, other) => (one.nextRun ?? '~').localeCompare(other.nextRun ?? '~'));
}

/** For what may not be there. */
export function missing(error: unknown): undefined {
  if (error instanceof WorkflowNotFoundError) return undefined;
  throw error;
}
