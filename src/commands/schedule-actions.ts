/** What `schedule` can do; apart from the verb, for usage and help need no more of it. */

export const SCHEDULE_ACTIONS = ['create', 'show', 'pause', 'resume', 'trigger', 'delete'] as const;
export type ScheduleAction = (typeof SCHEDULE_ACTIONS)[number];
