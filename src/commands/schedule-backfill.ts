/** Of `schedule backfill`: makes up for the times of a schedule between two others. */
import { ScheduleOverlapPolicy, type Client, type ScheduleHandle } from '@temporalio/client';
import { ImportError } from '../errors/index.js';
import { humanCount } from '../human.js';
import type { Span } from './schedule-options.js';

/** Temporal gives no more times than these at once, and drops the runs that wait in a longer queue. */
const MOST = 1_000;

export interface Backfilled {
  /** Times that are made up for. */
  readonly times: number;
  readonly text: string;
}

/** Throws USAGE for more times than Temporal keeps. */
export async function backfill(
  client: Client,
  handle: ScheduleHandle,
  { start, end }: Span,
): Promise<Backfilled> {
  const { startTime: found } = await client.workflowService.listScheduleMatchingTimes({
    namespace: client.options.namespace,
    scheduleId: handle.scheduleId,
    // Those behind an instant are listed; a backfill has the instant, too.
    startTime: timestamp(start.getTime() - 1),
    endTime: timestamp(end.getTime()),
  });
  const times = found?.length ?? 0;
  if (times >= MOST) {
    const expected = `--from and --to with fewer than ${humanCount(MOST)} times of the schedule between them`;
    throw new ImportError('USAGE', { expected, found: `${humanCount(times)} or more` });
  }
  if (times === 0)
    return { times, text: 'The schedule has no time between the two: nothing to do.' };
  // One after another: all at once, they would only join each other's imports.
  await handle.backfill({ start, end, overlap: ScheduleOverlapPolicy.BUFFER_ALL });
  const text =
    `Asked to make up for ${times === 1 ? 'one time' : `${humanCount(times)} times`}, one after another; ` +
    '`make status` shows what runs. A source gives its newest version only: the first run imports it, ' +
    'the others find nothing new.';
  return { times, text };
}

type Timestamp = NonNullable<
  Parameters<Client['workflowService']['listScheduleMatchingTimes']>[0]['startTime']
>;

/** A number of seconds does as well as the `Long` of the type: protobuf.js writes both. */
function timestamp(ms: number): Timestamp {
  const seconds = Math.floor(ms / 1000);
  return { seconds, nanos: (ms - seconds * 1000) * 1e6 } as unknown as Timestamp;
}
