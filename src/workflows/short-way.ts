/** The short way of a small dataset of a batch: three tasks in place of a dozen. Who stumbles on it takes the long one. */
import { CancellationScope, log, patched, proxyActivities } from '@temporalio/workflow';
import type { OutcomeRecord } from '../activities/aftermath.js';
import type { Activities } from '../activities/index.js';
import type { Begun } from '../activities/short.js';
import type { HostStepsRequest, HostWork } from '../host-steps.js';
import { shortBeginning, shortWork, upkeep } from './activity-options.js';
import { summaryOf } from './failures.js';

const { beginShort } = proxyActivities<Activities>(shortBeginning);

/** `undefined` as long as nobody knows more than before: what has been recorded is recorded again. */
export async function beginShortly(
  request: Parameters<Activities['beginShort']>[0],
): Promise<Begun | undefined> {
  return patched('short-way') ? unlessItFails('beginning', beginShort(request)) : undefined;
}

/** `undefined` when the import is to start over from its download, under a prefix of its own. */
export async function publishShortly(request: HostStepsRequest): Promise<HostWork | undefined> {
  const { plan, download } = request;
  const options = shortWork(download.hostQueue, plan.settings.host_lost_after_minutes);
  const { publishShort } = proxyActivities<Activities>(options);
  const work = await unlessItFails('publication', publishShort(request));
  return work && { ...work, download };
}

/** What is to be warned of beside; `undefined` when nothing is known to be recorded. */
export async function concludeShortly(
  { plan, download }: Pick<HostStepsRequest, 'plan' | 'download'>,
  record: OutcomeRecord,
): Promise<readonly string[] | undefined> {
  const options = upkeep(download.hostQueue, plan.settings.host_lost_after_minutes);
  const { concludeShort } = proxyActivities<Activities>(options);
  return (await unlessItFails('conclusion', concludeShort(record)))?.warnings;
}

async function unlessItFails<Result>(
  what: string,
  work: Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await work;
  } catch (error) {
    if (CancellationScope.current().consideredCancelled) throw error;
    log.info(`The short ${what} has failed; step by step from here`, { ...summaryOf(error) });
    return undefined;
  }
}
