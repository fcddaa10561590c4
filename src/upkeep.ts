/** What a worker does beside its tasks: it brings to their end the imports that ended without a word. */
import type { Client } from '@temporalio/client';
import { removeEndedWork } from './activities/work-directory.js';
import type { FindRuns } from './cache/index.js';
import type { Environment } from './config/environment.js';
import type { Logger } from './log.js';
import { reconcile } from './publication/reconcile.js';
import { regularly } from './regularly.js';
import type { Resources } from './resources.js';
import { closeEndedBatches } from './telling/batches-ended.js';
import type { Telling } from './telling/index.js';
import { withClient } from './temporal/connection.js';
import { runsOf } from './temporal/run-ends.js';
import { findRuns } from './temporal/runs.js';
import { within } from './within.js';

const EVERY_MS = 10 * 60_000;

/** Of the oldest rows of `imports`: millions go within days, and no delete holds anybody up. */
const RETIRED_AT_A_TIME = 10_000;

/** Work folders of imports that were terminated, or that ended while this host was away. */
export async function removeLeftWork(
  findRuns: FindRuns,
  { workRoot }: Resources,
  log: Logger,
): Promise<void> {
  const removed = await removeEndedWork(workRoot, findRuns);
  if (removed > 0) log.info({ removed, workRoot }, 'removed work folders of ended imports');
}

/** Rows, objects and work folders of imports that were terminated, or whose end nobody could record. */
async function tidyUp(
  environment: Environment,
  resources: Resources,
  telling: Telling,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  const bringToEnd = async (client: Client) => {
    await removeLeftWork((runIds) => findRuns(client, runIds), resources, log);
    const runs = await runsOf(client);
    const ended = await closeEndedBatches(resources, telling, client, signal);
    if (ended.length > 0) log.warn({ ended }, 'batches had ended unrecorded');
    return reconcile(resources, runs, signal);
  };
  const { closed, removedObjects } = await withClient(environment, bringToEnd, signal);
  if (closed.length + removedObjects > 0) {
    log.info({ closed, removedObjects }, 'brought imports to their end that had ended unrecorded');
  }
  const { settings } = await resources.loadConfig();
  await resources.catalog.batches.retire(settings.import_history_days);
  await resources.catalog.messages.retire(settings.import_history_days);
  const datasets = await resources.catalog.listDatasets();
  resources.metrics?.held(datasets.filter((one) => one.heldVersion !== undefined).length);
  const undelivered = await resources.catalog.messages.undelivered();
  resources.metrics?.undelivered(undelivered.reduce((sum, one) => sum + one.messages, 0));
  await resources.catalog.retireImports(settings.import_history_days, RETIRED_AT_A_TIME);
}

/** The first attempts are made where a message comes up; these are for what was not taken then. */
const DELIVER_EVERY_MS = 5_000;

/** The answer ends it. */
export function deliverRegularly(telling: Telling): () => Promise<void> {
  const timer = setInterval(() => void telling.deliver(), DELIVER_EVERY_MS);
  return async () => {
    clearInterval(timer);
    await telling.close();
  };
}

/** Now and every ten minutes. The answer ends it, and resolves when nothing of it runs any more. */
export function tidyUpRegularly(
  environment: Environment,
  resources: Resources,
  telling: Telling,
  log: Logger,
): () => Promise<void> {
  return regularly(EVERY_MS, async (signal) => {
    try {
      // No longer than until the next time: one that hangs would keep all others from their turn.
      await within(EVERY_MS, signal, (patience) =>
        tidyUp(environment, resources, telling, log, patience),
      );
    } catch (error) {
      // A service that is away is told by the import that needs it.
      if (!signal.aborted) log.warn({ error }, 'ended imports could not be tidied up');
    }
  });
}
