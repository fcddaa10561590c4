/** The schedules that there can be: their ids, what each of them starts, and when. */
import { ScheduleOverlapPolicy, type ScheduleOptions as Schedule } from '@temporalio/client';
import {
  GC_WORKFLOW_ID,
  IMPORT_ALL_WORKFLOW_ID,
  TASK_QUEUES,
  VERIFY_WORKFLOW_ID,
} from '../contract.js';
import { ImportError } from '../errors/index.js';
import { SCHEDULED, type Scheduled, type ScheduleOptions } from './schedule-options.js';

interface Plan {
  /** Behind the prefix of all of them. */
  readonly name: string;
  readonly cron: string;
  readonly workflowType: string;
  readonly workflowId: string;
}

/** Old versions go when the night's imports have become current; reading everything again is for a quiet day. */
const PLANS: Readonly<Record<Scheduled, Plan>> = {
  import: {
    ...{ name: 'daily', cron: '0 2 * * *' },
    ...{ workflowType: 'importAll', workflowId: IMPORT_ALL_WORKFLOW_ID },
  },
  gc: {
    ...{ name: 'gc', cron: '0 5 * * *' },
    ...{ workflowType: 'collectGarbage', workflowId: GC_WORKFLOW_ID },
  },
  verify: {
    ...{ name: 'verify', cron: '0 6 * * 0' },
    ...{ workflowType: 'verifyPublished', workflowId: VERIFY_WORKFLOW_ID },
  },
};

const PREFIX = 'kaggle-import-';

type Named = Pick<ScheduleOptions, 'what' | 'name'>;

export function scheduleIdOf({ what, name }: Named): string {
  return PREFIX + (name ?? PLANS[what].name);
}

/** Throws USAGE when the name is the usual one of something else. */
export function requireOwnName({ what, name }: Named): void {
  const owner = SCHEDULED.find((other) => PLANS[other].name === name);
  if (owner === undefined || owner === what) return;
  throw new ImportError('USAGE', {
    expected: `another --name`,
    found: `that of --what ${owner}`,
  });
}

/** What people call it; of schedules that others have made, the whole id. */
export function scheduleNameOf(scheduleId: string): string {
  return scheduleId.startsWith(PREFIX) ? scheduleId.slice(PREFIX.length) : scheduleId;
}

/** Undefined for what this tool does not start. Others may schedule the import of one dataset, without a batch. */
export function scheduledBy(workflowType: string | undefined): Scheduled | undefined {
  if (workflowType === 'importDataset') return 'import';
  return SCHEDULED.find((what) => PLANS[what].workflowType === workflowType);
}

export function planned(options: ScheduleOptions): Schedule {
  const { what, name, cron, timezone, jitter, only, domain, deep } = options;
  const plan = PLANS[what];
  const isUsual = name === undefined || name === plan.name;
  const input = {
    ...(only && { only: [...only] }),
    ...(domain && { domains: [...domain] }),
    ...(deep && { deep }),
  };
  return {
    scheduleId: scheduleIdOf(options),
    // Not all installations of the world at the very minute.
    spec: {
      cronExpressions: [...(cron ?? [plan.cron])],
      timezone,
      jitter: jitter as NonNullable<Schedule['spec']['jitter']>,
    },
    action: {
      type: 'startWorkflow',
      workflowType: plan.workflowType,
      // To it, Temporal adds the second: two schedules of one second must not take each other's place.
      workflowId: isUsual ? plan.workflowId : `${plan.workflowId}-${name}`,
      taskQueue: TASK_QUEUES.control,
      args: [input],
    },
    // A night that is still running is not joined by a second one; a missed night is made up for hours.
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '6 hours' },
  };
}
