/** What runs now, as Temporal knows it: imports, the batch, what holds them up, and when the next one is planned. */
import type { Client } from '@temporalio/client';
import { SEARCH_ATTRIBUTES } from '../contract.js';
import { runningImports } from '../temporal/runs.js';
import { lookAt, type Sight } from './look.js';
import { sightsOfBatches, type BatchSight } from './running-batches.js';

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
  readonly batches: readonly BatchSight[];
  readonly schedules: readonly Planned[];
}

/** @param only - of this dataset */
export async function whatRuns(client: Client, only?: string): Promise<Running> {
  const runs: (Run & { dataset: string })[] = [];
  for (const { workflowId, runId, searchAttributes } of await runningImports(client)) {
    const [named] = searchAttributes?.[SEARCH_ATTRIBUTES.dataset] ?? [];
    const dataset = typeof named === 'string' ? named : workflowId.replace(/^import:/, '');
    if (only === undefined || dataset === only) runs.push({ workflowId, runId, dataset });
  }
  const [sights, batches, schedules] = await Promise.all([
    Promise.all(runs.map(({ dataset, ...run }) => lookAt(client, dataset, run))),
    only === undefined ? sightsOfBatches(client) : [],
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
