/** `schedule`: the nightly import, as a Temporal schedule: create, show, pause, resume, trigger, delete. */
import {
  isGrpcServiceError,
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
  ServiceError,
  type Client,
  type ScheduleDescription,
  type ScheduleOptions,
} from '@temporalio/client';
import { IMPORT_ALL_WORKFLOW_ID, TASK_QUEUES } from '../contract.js';
import { ImportError } from '../errors/index.js';
import { withClient } from '../temporal-connection.js';
import { commandEnvironment, type CommandContext } from './context.js';

export const SCHEDULE_ACTIONS = ['create', 'show', 'pause', 'resume', 'trigger', 'delete'] as const;
export type ScheduleAction = (typeof SCHEDULE_ACTIONS)[number];

const SCHEDULE_ID = 'kaggle-import-daily';
/** gRPC status code. */
const INVALID_ARGUMENT = 3;

export interface WhenOptions {
  readonly cron: string;
  readonly timezone: string;
}

export async function schedule(
  action: ScheduleAction,
  options: WhenOptions,
  { result }: CommandContext,
): Promise<void> {
  try {
    const text = await withClient(await commandEnvironment(), (client) =>
      act(client, action, options),
    );
    result({ schedule: SCHEDULE_ID, action }, text);
  } catch (error) {
    throw explained(error);
  }
}

function explained(error: unknown): unknown {
  if (error instanceof ScheduleNotFoundError) {
    return new ImportError('USAGE', {
      found: `no schedule ${SCHEDULE_ID}`,
      nextStep: 'Create it with `make schedule ACTION=create`.',
    });
  }
  const cause = error instanceof ServiceError ? error.cause : error;
  if (isGrpcServiceError(cause) && (cause.code as number) === INVALID_ARGUMENT) {
    return new ImportError('USAGE', {
      expected: '--cron and --timezone that Temporal understands',
      found: cause.details,
    });
  }
  return error;
}

async function act(client: Client, action: ScheduleAction, options: WhenOptions): Promise<string> {
  const handle = client.schedule.getHandle(SCHEDULE_ID);
  switch (action) {
    case 'create':
      return create(client, options);
    case 'show':
      return describe(await handle.describe());
    case 'pause':
      await handle.pause('paused with kaggle-import schedule pause');
      return 'Paused. `make schedule ACTION=resume` goes on.';
    case 'resume':
      await handle.unpause();
      return describe(await handle.describe());
    case 'trigger':
      await handle.trigger(ScheduleOverlapPolicy.SKIP);
      return 'Triggered; `make status` shows what runs.';
    case 'delete':
      await handle.delete();
      return 'Deleted. Imports that run are not touched.';
  }
}

/** Again with other options: the schedule is changed, and stays paused if it was. */
async function create(client: Client, { cron, timezone }: WhenOptions): Promise<string> {
  const schedule: ScheduleOptions = {
    scheduleId: SCHEDULE_ID,
    // Not all installations of the world at the very minute.
    spec: { cronExpressions: [cron], timezone, jitter: '10 minutes' },
    action: {
      type: 'startWorkflow',
      workflowType: 'importAll',
      workflowId: IMPORT_ALL_WORKFLOW_ID,
      taskQueue: TASK_QUEUES.control,
      args: [{}],
    },
    // A night that is still running is not joined by a second one; a missed night is made up for hours.
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '6 hours' },
  };
  const handle = client.schedule.getHandle(SCHEDULE_ID);
  try {
    await client.schedule.create(schedule);
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await handle.update(({ state }) => ({ ...schedule, state }));
  }
  return describe(await handle.describe());
}

function describe({
  info,
  spec,
  state,
}: Pick<ScheduleDescription, 'info' | 'spec' | 'state'>): string {
  const next = info.nextActionTimes[0]?.toISOString() ?? 'never';
  const last = info.recentActions.at(-1)?.takenAt.toISOString() ?? 'never';
  return [
    `${SCHEDULE_ID}: ${state.paused ? 'paused' : 'active'}, time zone ${spec.timezone ?? 'UTC'}`,
    `  next run  ${state.paused ? 'none while paused' : next}`,
    `  last run  ${last}`,
  ].join('\n');
}
