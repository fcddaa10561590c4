/** `schedule`: the nightly import, as a Temporal schedule: create, show, pause, resume, trigger, delete. */
import { ScheduleNotFoundError, ScheduleOverlapPolicy, type Client } from '@temporalio/client';
import { IMPORT_ALL_WORKFLOW_ID, TASK_QUEUES } from '../contract.js';
import { ImportError } from '../errors/index.js';
import { connectClient } from '../temporal-connection.js';
import { commandEnvironment, type CommandContext } from './context.js';

export const SCHEDULE_ACTIONS = ['create', 'show', 'pause', 'resume', 'trigger', 'delete'] as const;
export type ScheduleAction = (typeof SCHEDULE_ACTIONS)[number];

const SCHEDULE_ID = 'kaggle-import-daily';

export interface ScheduleOptions {
  readonly cron: string;
  readonly timezone: string;
}

export async function schedule(
  action: ScheduleAction,
  options: ScheduleOptions,
  { result }: CommandContext,
): Promise<void> {
  const client = await connectClient(await commandEnvironment());
  try {
    const text = await act(client, action, options);
    result({ schedule: SCHEDULE_ID, action }, text);
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
    throw new ImportError('USAGE', {
      found: `no schedule ${SCHEDULE_ID}`,
      nextStep: 'Create it with `kaggle-import schedule create`.',
    });
  } finally {
    await client.connection.close();
  }
}

async function act(
  client: Client,
  action: ScheduleAction,
  options: ScheduleOptions,
): Promise<string> {
  const handle = client.schedule.getHandle(SCHEDULE_ID);
  switch (action) {
    case 'create':
      return create(client, options);
    case 'show':
      return describe(await handle.describe());
    case 'pause':
      await handle.pause('paused with kaggle-import schedule pause');
      return 'Paused. `kaggle-import schedule resume` goes on.';
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

async function create(client: Client, { cron, timezone }: ScheduleOptions): Promise<string> {
  await client.schedule.create({
    scheduleId: SCHEDULE_ID,
    spec: { cronExpressions: [cron], timezone, jitter: '5 minutes' },
    action: {
      type: 'startWorkflow',
      workflowType: 'importAll',
      workflowId: IMPORT_ALL_WORKFLOW_ID,
      taskQueue: TASK_QUEUES.control,
      args: [{}],
    },
    // A night that is still running is not joined by a second one; a missed night is made up for hours.
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '6 hours' },
  });
  return describe(await client.schedule.getHandle(SCHEDULE_ID).describe());
}

function describe({
  info,
  state,
}: {
  info: { nextActionTimes: Date[] };
  state: { paused: boolean };
}): string {
  const next = info.nextActionTimes[0]?.toISOString() ?? 'never';
  return `${SCHEDULE_ID}: ${state.paused ? 'paused' : `next run ${next}`}`;
}
