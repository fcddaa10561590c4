/** What `schedule` says of a schedule: when it runs, what of, and how its last runs went. */
import type { Client, ScheduleDescription } from '@temporalio/client';
import type { BatchRecord, Catalog } from '../catalog/index.js';
import type { ImportAllInput, ImportDatasetInput } from '../contract.js';
import { humanCount, inUtc } from '../human.js';
import { endOf } from '../temporal/run-ends.js';
import { missing } from './running-batches.js';
import { scheduledBy, scheduleNameOf } from './schedule-plans.js';
import { textTable, type Column } from './text-table.js';

const NEXT = 5;
const LAST = 5;

export interface LastRun {
  readonly workflowId: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** As Temporal has it, in small letters; `forgotten` past its retention, unless the catalog knows better. */
  readonly outcome: string;
  /** Of imports: datasets by outcome. */
  readonly counts?: Readonly<Record<string, number>>;
  readonly errorCode?: string;
}

export interface ScheduleView {
  readonly schedule: string;
  readonly what: string;
  /** Of imports: which. */
  readonly imports?: string;
  readonly paused: boolean;
  readonly note?: string;
  readonly timezone: string;
  readonly jitterSeconds: number;
  /** ISO 8601, UTC. */
  readonly nextRun?: string;
  readonly nextRuns: readonly string[];
  readonly lastRun?: string;
  /** Newest first. */
  readonly lastRuns: readonly LastRun[];
  /** Times at which the run before still ran, and times that nobody made up for. */
  readonly skipped: number;
  readonly missed: number;
}

/** Without the catalog, what Temporal alone knows of the runs. */
export async function viewOfSchedule(
  client: Client,
  description: ScheduleDescription,
  catalog: Catalog | undefined,
): Promise<ScheduleView> {
  const { scheduleId, action, info, spec, state } = description;
  const what = scheduledBy(action.workflowType) ?? action.workflowType;
  const started = info.recentActions.slice(-LAST).reverse();
  const batches = await catalog?.batches.among(
    started.map((run) => run.action.workflow.firstExecutionRunId),
  );
  const lastRuns = await Promise.all(
    started.map((run) => lastRunOf(client, run, batches ?? [], catalog)),
  );
  const nextRuns = state.paused
    ? []
    : info.nextActionTimes.slice(0, NEXT).map((time) => time.toISOString());
  const [nextRun] = nextRuns;
  return {
    ...{ schedule: scheduleId, what },
    ...(what === 'import' && { imports: selectionText(action.args?.[0]) }),
    paused: state.paused,
    ...(state.note !== undefined && state.note !== '' && { note: state.note }),
    // Of a schedule that others have made, it may be empty.
    timezone: spec.timezone || 'UTC',
    jitterSeconds: (spec.jitter ?? 0) / 1000,
    ...(nextRun !== undefined && { nextRun }),
    nextRuns,
    ...(lastRuns[0] && { lastRun: lastRuns[0].startedAt }),
    lastRuns,
    ...{ skipped: info.numActionsSkippedOverlap, missed: info.numActionsMissedCatchupWindow },
  };
}

type Started = ScheduleDescription['info']['recentActions'][number];

async function lastRunOf(
  client: Client,
  { takenAt, action }: Started,
  batches: readonly BatchRecord[],
  catalog: Catalog | undefined,
): Promise<LastRun> {
  const { workflowId, firstExecutionRunId } = action.workflow;
  const batch = batches.find(({ batchId }) => batchId === firstExecutionRunId);
  const counts = batch && (await catalog?.batches.counts(firstExecutionRunId));
  // Of the chain: a batch that has continued as new is still the same.
  const found = await client.workflow.getHandle(workflowId).describe().catch(missing);
  const known = found?.status.name.toLowerCase().replaceAll('_', '-') ?? 'forgotten';
  const isOver = batch?.endedAt !== undefined;
  const errorCode = isOver ? batch.errorCode : await codeOf(client, action.workflow, known);
  return {
    ...{ workflowId, startedAt: takenAt.toISOString(), outcome: isOver ? batch.outcome : known },
    ...(counts && { counts }),
    ...(errorCode !== undefined && { errorCode }),
  };
}

/** Of what no batch is: `gc`, `verify`, one import. */
async function codeOf(
  client: Client,
  { workflowId, firstExecutionRunId: runId }: Started['action']['workflow'],
  outcome: string,
): Promise<string | undefined> {
  const end = outcome === 'failed' ? await endOf(client, { workflowId, runId }) : 'unknown';
  return typeof end === 'object' ? end.errorCode : undefined;
}

/** Others may have given it what no batch takes. */
function selectionText(input: unknown = {}): string {
  const given = (input ?? { only: null }) as ImportAllInput & Partial<ImportDatasetInput>;
  const { dataset, domains, small, force } = given;
  const only = dataset === undefined ? given.only : [dataset];
  const lists: readonly unknown[] = [only ?? [], domains ?? []];
  if (only === null || !lists.every(Array.isArray)) {
    return `nothing: no batch takes ${JSON.stringify(input)}`;
  }
  const parts = [
    ...(only ? [only.join(', ')] : []),
    ...(domains ? [`domain ${domains.join(', ')}`] : []),
    ...(small ? ['small ones'] : []),
  ];
  return `${parts.length === 0 ? 'all datasets' : parts.join('; ')}${force ? ', anew' : ''}`;
}

export function scheduleText(view: ScheduleView): string {
  const { schedule, imports, paused, note, timezone, jitterSeconds, nextRuns, lastRuns } = view;
  const { skipped, missed } = view;
  const late = jitterSeconds === 0 ? '' : `; up to ${jitterText(jitterSeconds)} late on purpose`;
  const next = nextRuns.map((time) => `  next run  ${timeText(time, timezone)}`);
  const last = lastRuns.map((run) => `  last run  ${inUtc(run.startedAt)}  ${outcomeText(run)}`);
  return [
    `${schedule}: ${paused ? 'paused' : 'active'}, time zone ${timezone}${late}`,
    ...(note === undefined ? [] : [`  note      ${note}`]),
    ...(imports === undefined ? [] : [`  imports   ${imports}`]),
    ...(next.length > 0 ? next : [`  next run  ${paused ? 'none while paused' : 'never'}`]),
    ...(last.length > 0 ? last : ['  last run  never']),
    ...(skipped > 0 ? [`  skipped   ${skipped}, for the run before had not ended`] : []),
    ...(missed > 0 ? [`  missed    ${missed}, for Temporal was away for too long`] : []),
  ].join('\n');
}

const LIST: readonly Column[] = [
  { head: 'name', wraps: true },
  { head: 'what' },
  { head: 'imports', wraps: true },
  { head: 'state' },
  { head: 'next run' },
  { head: 'last run', drop: 2 },
  { head: 'outcome', drop: 1, wraps: true },
];

export function scheduleListText(views: readonly ScheduleView[], width?: number): string {
  if (views.length === 0) return 'There is no schedule; `make schedule ACTION=create` creates one.';
  const rows = views.map(({ schedule, what, imports, paused, nextRun, lastRuns: [last] }) => [
    ...[scheduleNameOf(schedule), what, imports, paused ? 'paused' : 'active'],
    ...[nextRun && inUtc(nextRun), last && inUtc(last.startedAt), last && outcomeText(last)],
  ]);
  return textTable(LIST, rows, width);
}

export function outcomeText({ outcome, counts = {}, errorCode }: LastRun): string {
  const sums = Object.entries(counts).map(([name, count]) => `${humanCount(count)} ${name}`);
  const sum = sums.length > 0 ? `: ${sums.join(', ')}` : '';
  return `${outcome}${errorCode === undefined ? '' : ` with ${errorCode}`}${sum}`;
}

/** In the zone of the schedule as well, which the cron expression is of. */
function timeText(instant: string, timezone: string): string {
  if (timezone === 'UTC') return inUtc(instant);
  const there = timeIn(timezone, instant);
  return `${inUtc(instant)}${there === undefined ? '' : `  (${there} there)`}`;
}

/** `undefined` for a zone that Temporal knows and Node does not, such as `Local`. */
function timeIn(timeZone: string, instant: string): string | undefined {
  try {
    const style = { timeZone, dateStyle: 'short', timeStyle: 'medium' } as const;
    return new Intl.DateTimeFormat('sv-SE', style).format(new Date(instant));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function jitterText(seconds: number): string {
  const minutes = seconds / 60;
  return Number.isInteger(minutes) ? `${minutes} minutes` : `${seconds} seconds`;
}
