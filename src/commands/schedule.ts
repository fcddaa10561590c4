/** `schedule`: the nightly import, `gc` and `verify`, as Temporal schedules: create, show, pause, resume, trigger, delete. */
import {
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
  type Client,
  type ScheduleDescription,
  type ScheduleOptions,
} from '@temporalio/client';
import {
  GC_WORKFLOW_ID,
  IMPORT_ALL_WORKFLOW_ID,
  TASK_QUEUES,
  VERIFY_WORKFLOW_ID,
} from '../contract.js';
import { ImportError } from '../errors/index.js';
import { withClient } from '../temporal/connection.js';
import { commandEnvironment, type CommandContext } from './context.js';
import type { Scheduled, ScheduleAction, WhenOptions } from './schedule-actions.js';

/** Old versions go when the night's imports have become current; reading everything again is for a quiet day. */
const PLANS = {
  import: {
    ...{ scheduleId: 'kaggle-import-daily', cron: '0 2 * * *' },
    ...{ workflowType: 'importAll', workflowId: IMPORT_ALL_WORKFLOW_ID },
  },
  gc: {
    ...{ scheduleId: 'kaggle-import-gc', cron: '0 5 * * *' },
    ...{ workflowType: 'collectGarbage', workflowId: GC_WORKFLOW_ID },
  },
  verify: {
    ...{ scheduleId: 'kaggle-import-verify', cron: '0 6 * * 0' },
    ...{ workflowType: 'verifyPublished', workflowId: VERIFY_WORKFLOW_ID },
  },
} as const satisfies Record<Scheduled, object>;

/** What the verb says; the rest of it goes out with `--json`. */
interface Answer {
  readonly text: string;
  /** Afterwards. */
  readonly exists: boolean;
  readonly paused?: boolean;
  readonly timezone?: string;
  /** ISO 8601, UTC. */
  readonly nextRun?: string;
  readonly lastRun?: string;
}

export async function schedule(
  action: ScheduleAction,
  options: WhenOptions,
  { result }: CommandContext,
): Promise<void> {
  if (options.deep && options.what !== 'verify') {
    throw new ImportError('USAGE', {
      expected: '--what verify',
      found: '--deep of something else',
    });
  }
  const environment = await commandEnvironment();
  const { text, ...data } = await withClient(environment, (client) =>
    act(client, action, options),
  ).catch((error: unknown) => answerTo(error, action, options.what));
  result({ schedule: PLANS[options.what].scheduleId, action, ...data }, text);
}

/** That there is none answers who asks for it or wants it gone; who wants it changed must create it first. */
function answerTo(error: unknown, action: ScheduleAction, what: Scheduled): Answer {
  // What the SDK makes of a specification that the server refuses.
  if (error instanceof TypeError) {
    const expected = '--cron and --timezone that Temporal understands';
    throw new ImportError('USAGE', { expected, found: error.message });
  }
  if (!(error instanceof ScheduleNotFoundError)) throw error;
  const { scheduleId } = PLANS[what];
  const none = `There is no schedule ${scheduleId}`;
  if (action === 'delete') return { text: `${none}; nothing to delete.`, exists: false };
  if (action === 'show') {
    const create = `make schedule ACTION=create${what === 'import' ? '' : ` WHAT=${what}`}`;
    return { text: `${none}; \`${create}\` creates it.`, exists: false };
  }
  throw new ImportError('SCHEDULE_MISSING', { place: scheduleId });
}

async function act(client: Client, action: ScheduleAction, options: WhenOptions): Promise<Answer> {
  const handle = client.schedule.getHandle(PLANS[options.what].scheduleId);
  switch (action) {
    case 'create':
      return create(client, options);
    case 'show':
      return describe(await handle.describe());
    case 'pause':
      await handle.pause('paused with kaggle-import schedule pause');
      return { text: 'Paused. `make schedule ACTION=resume` goes on.', exists: true, paused: true };
    case 'resume':
      await handle.unpause();
      return describe(await handle.describe());
    case 'trigger':
      await handle.trigger(ScheduleOverlapPolicy.SKIP);
      return { text: 'Triggered; `make status` shows what runs.', exists: true };
    case 'delete':
      await handle.delete();
      return { text: 'Deleted. Imports that run are not touched.', exists: false };
  }
}

/** Again with other options: the schedule is changed, and stays paused if it was. */
async function create(
  client: Client,
  { what, cron, timezone, deep }: WhenOptions,
): Promise<Answer> {
  const { scheduleId, workflowType, workflowId, cron: usual } = PLANS[what];
  const schedule: ScheduleOptions = {
    scheduleId,
    // Not all installations of the world at the very minute.
    spec: { cronExpressions: [cron ?? usual], timezone, jitter: '10 minutes' },
    action: {
      type: 'startWorkflow',
      workflowType,
      workflowId,
      taskQueue: TASK_QUEUES.control,
      args: [deep ? { deep } : {}],
    },
    // A night that is still running is not joined by a second one; a missed night is made up for hours.
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '6 hours' },
  };
  const handle = client.schedule.getHandle(scheduleId);
  try {
    await client.schedule.create(schedule);
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await handle.update(({ state }) => ({ ...schedule, state }));
  }
  return describe(await handle.describe());
}

function describe({ scheduleId, info, spec, state }: ScheduleDescription): Answer {
  const { paused } = state;
  const timezone = spec.timezone ?? 'UTC';
  const nextRun = paused ? undefined : info.nextActionTimes[0]?.toISOString();
  const lastRun = info.recentActions.at(-1)?.takenAt.toISOString();
  const text = [
    `${scheduleId}: ${paused ? 'paused' : 'active'}, time zone ${timezone}`,
    `  next run  ${nextRun === undefined ? (paused ? 'none while paused' : 'never') : `${inUtc(nextRun)}, up to ten minutes late on purpose`}`,
    `  last run  ${lastRun === undefined ? 'never' : inUtc(lastRun)}`,
  ].join('\n');
  return {
    text,
    exists: true,
    paused,
    timezone,
    ...(nextRun && { nextRun }),
    ...(lastRun && { lastRun }),
  };
}

/** `2026-11-25T02:01:40.306Z` -> `2026-11-25 02:01:40 UTC`, which no time zone beside it can be taken for. */
function inUtc(instant: string): string {
  return `${instant.slice(0, 19).replace('T', ' ')} UTC`;
}
