/** Tells that a worker is ready: once the server knows it on all of its queues, in the log and by a file. */
import { rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { NativeConnection } from '@temporalio/worker';
import type { Environment } from './config/environment.js';
import type { Logger } from './log.js';
import { temporalTarget } from './temporal/connection.js';
import { pollersOf, type PolledQueue } from './temporal/pollers.js';

const LOOK_EVERY_MS = 100;
/** From then on the log says what is still missing. */
const USUAL_MS = 60_000;

export interface Announcement {
  readonly environment: Environment;
  readonly connection: NativeConnection;
  /** Of this process and no other: the server remembers also pollers that have ended. */
  readonly identity: string;
  readonly queues: readonly PolledQueue[];
  readonly log: Logger;
  /** Aborted when the worker ends. */
  readonly signal: AbortSignal;
}

/** A server that does not answer is asked again: what polls in vain is not ready either. Never throws. */
export async function announceWhenPolling(announcement: Announcement): Promise<void> {
  const { environment, log, signal } = announcement;
  const file = environment.READY_FILE;
  try {
    await untilKnown(announcement);
    if (file !== undefined) await writeFile(file, `${process.pid}\n`);
    log.info(temporalTarget(environment), 'worker ready');
  } catch (error) {
    if (!signal.aborted) log.error({ error, file }, 'cannot tell that this worker is ready');
  }
}

/** A worker that stops takes no more tasks. */
export async function withdraw({ READY_FILE }: Environment): Promise<void> {
  if (READY_FILE !== undefined) await rm(READY_FILE, { force: true });
}

async function untilKnown({
  environment,
  connection,
  identity,
  queues,
  log,
  signal,
}: Announcement): Promise<void> {
  const { namespace } = temporalTarget(environment);
  const since = Date.now();
  let warned = false;
  let missing = [...queues];
  for (;;) {
    const known = await Promise.all(
      missing.map((queue) =>
        pollersOf(connection, namespace, queue).then(
          (pollers) => pollers.includes(identity),
          () => false,
        ),
      ),
    );
    missing = missing.filter((_queue, index) => !known[index]);
    if (missing.length === 0) return;
    if (!warned && Date.now() - since > USUAL_MS) {
      warned = true;
      log.warn({ missing }, 'the server does not know this worker as a poller of these queues yet');
    }
    await sleep(LOOK_EVERY_MS, undefined, { signal });
  }
}
