/** What `schedule` can do; apart from the verb, for usage and help need no more of it. */

export const SCHEDULE_ACTIONS = ['create', 'show', 'pause', 'resume', 'trigger', 'delete'] as const;
/** What can be scheduled. */
export const SCHEDULED = ['import', 'gc', 'verify'] as const;
export type Scheduled = (typeof SCHEDULED)[number];
export type ScheduleAction = (typeof SCHEDULE_ACTIONS)[number];

export interface WhenOptions {
  readonly what: Scheduled;
  /** That of the plan when absent. */
  readonly cron?: string;
  readonly timezone: string;
  /** Of verify. */
  readonly deep: boolean;
}
