/** What `schedule` can do and what it is given; apart from the verb, for usage and help need no more of it. */
import { ImportError } from '../errors/index.js';

export const SCHEDULE_ACTIONS = [
  ...['create', 'list', 'show', 'pause', 'resume', 'trigger', 'backfill', 'delete'],
] as const;
/** What can be scheduled. */
export const SCHEDULED = ['import', 'gc', 'verify'] as const;
export type Scheduled = (typeof SCHEDULED)[number];
export type ScheduleAction =
  'create' | 'list' | 'show' | 'pause' | 'resume' | 'trigger' | 'backfill' | 'delete';

export interface ScheduleOptions {
  readonly what: Scheduled;
  /** Among several of one kind; the usual one when absent. */
  readonly name?: string;
  /** Each of their times; those of the plan when absent. */
  readonly cron?: readonly string[];
  readonly timezone: string;
  /** A time as `ms` reads it. */
  readonly jitter: string;
  /** Of imports: only these datasets. */
  readonly only?: readonly string[];
  /** Of imports: only datasets of these domains, as they are configured on the day. */
  readonly domain?: readonly string[];
  /** Of verify. */
  readonly deep: boolean;
  /** Of pause and resume: why. */
  readonly note?: string;
  /** Of backfill: a day or an instant, ISO 8601. */
  readonly from?: string;
  readonly to?: string;
}

const NAME = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;
/** A day, which begins in UTC, or an instant that says its zone. */
const INSTANT = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?$/;

/** Throws USAGE for what does not go together. */
export function requireScheduleOptions(action: ScheduleAction, options: ScheduleOptions): void {
  const { what, name, jitter, only, domain, deep, note, from, to } = options;
  const selects = only !== undefined || domain !== undefined;
  if (deep && what !== 'verify') throw usage('--what verify', '--deep of something else');
  if (selects && (what !== 'import' || action !== 'create')) {
    throw usage('--only and --domain where imports are created', `${action} --what ${what}`);
  }
  // The usual one imports everything: nobody takes that away by a slip.
  if (selects && name === undefined) throw usage('--name with --only and --domain', 'none');
  // Others may have called theirs anything.
  if (action === 'create' && name !== undefined && !NAME.test(name)) {
    throw usage('a --name of small letters, digits and hyphens', JSON.stringify(name));
  }
  // Of nothing, it would be a night that does nothing.
  if (only?.length === 0 || domain?.length === 0) {
    throw usage('--only and --domain with a name', 'none');
  }
  // Temporal takes it, and begins in time.
  if (jitter.trim().startsWith('-')) throw usage('a --jitter of no less than 0', jitter);
  if (note !== undefined && action !== 'pause' && action !== 'resume') {
    throw usage('pause or resume with --note', action);
  }
  if ((from !== undefined || to !== undefined) && action !== 'backfill') {
    throw usage('backfill with --from and --to', action);
  }
}

export interface Span {
  readonly start: Date;
  readonly end: Date;
}

/** Throws USAGE unless both are there, in this order, and past. */
export function backfilled({ from, to }: ScheduleOptions): Span {
  const expected = '--from and --to, each a day (2026-11-20) or an instant (2026-11-20T02:00Z)';
  for (const given of [from, to]) {
    if (given === undefined || !INSTANT.test(given) || Number.isNaN(Date.parse(given))) {
      throw usage(expected, given ?? 'none');
    }
  }
  const [start, end] = [new Date(from!), new Date(to!)];
  if (start >= end) throw usage('--from before --to', `${from} and ${to}`);
  if (end.getTime() > Date.now()) throw usage('--to that is past', to!);
  return { start, end };
}

function usage(expected: string, found: string): ImportError {
  return new ImportError('USAGE', { expected, found });
}
