/** The worker process: configuration, resources, activities, then tasks until it is told to stop. */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import { sweepRegularly } from './cache-upkeep.js';
import type { FindRuns } from './cache/index.js';
import { migrateOnceReachable } from './catalog/index.js';
import { readEnvironment, type Environment } from './config/environment.js';
import { TASK_QUEUES } from './contract.js';
import { ImportError } from './errors/index.js';
import { watchEventLoop } from './event-loop.js';
import { createWorkers } from './create-workers.js';
import { createLogger, type Logger } from './log.js';
import { createMetrics } from './metrics.js';
import { createBytesPool } from './pool/index.js';
import { databaseUrl } from './config/database.js';
import { openResources } from './resources.js';
import { announceConfigRegularly } from './telling/config.js';
import { createTelling } from './telling/index.js';
import { tellOfConfigAtStart } from './telling-at-start.js';
import { withClient } from './temporal/connection.js';
import { runsOf } from './temporal/run-ends.js';
import { findRuns } from './temporal/runs.js';
import { sdkLogger } from './temporal/sdk-log.js';
import { connectWorker, workerFailure } from './temporal/worker-connection.js';
import { deliverRegularly, removeLeftWork, tidyUpRegularly } from './upkeep.js';
import { within } from './within.js';
import { announceWhenPolling, withdraw } from './worker-announcement.js';
import { converts, downloads, queuesOf, roleOf, type WorkerRole } from './worker-role.js';

const SERVER_PATIENCE_MS = 60_000;

/** For what the upkeep asks of Temporal. */
const ANSWER_PATIENCE_MS = 60_000;

/** As the SDK would name it, and different for each process: in a container, all of them have the same pid. */
const IDENTITY = `${process.pid}@${hostname()}-${randomUUID().slice(0, 8)}`;

try {
  const role = roleOf(process.argv.slice(2));
  const environment = readEnvironment();
  await run(environment, role, createLogger(environment));
} catch (error) {
  const known =
    error instanceof ImportError ? error : new ImportError('UNEXPECTED', { cause: error });
  console.error(`${known.code}: ${known.message}\nNext step: ${known.nextStep}`, known.cause ?? '');
  // The SDK's runtime keeps a process alive that has never had a worker.
  process.exit(known.exitCode);
}

async function run(environment: Environment, role: WorkerRole, log: Logger): Promise<void> {
  installRuntime(environment, log);
  const metrics = createMetrics(Runtime.instance().metricMeter, environment.DOWNLOADS_PER_SECOND);
  const resources = await openResources(environment, metrics, ({ digest, problem }) => {
    if (problem === undefined) log.info({ digest }, 'configuration in force');
    else
      log.error({ digest, problem }, 'the configuration is broken; the last good one is in force');
  }).catch(async (error: unknown) => {
    await tellOfConfigAtStart(environment, error, log);
    throw error;
  });
  const { settings } = await resources.loadConfig();
  const pool = createBytesPool({
    ...{ environment: environment.all, settings, log, pace: resources.pace },
    onEvent: (event) =>
      event.of === 'request' ? metrics.request(event.sent) : metrics.cacheUse(event.use),
  });
  try {
    await migrateOnceReachable(databaseUrl(environment), SERVER_PATIENCE_MS);
    const connection = await connectWorker(environment, SERVER_PATIENCE_MS);
    try {
      const ended = new AbortController();
      const findThem: FindRuns = (runIds) =>
        within(ANSWER_PATIENCE_MS, ended.signal, (patience) =>
          withClient(environment, (client) => findRuns(client, runIds), patience),
        );
      await removeLeftWork(findThem, resources, log);
      const hostQueue = TASK_QUEUES.host(await resources.cache.hostId());
      const { namespaceId } = await withClient(environment, runsOf);
      const telling = createTelling({ ...resources, namespaceId, log });
      const parts = { environment, resources, telling, pool, connection, hostQueue, role };
      const workers = await createWorkers({ ...parts, identity: IDENTITY, log }).catch((error) => {
        throw workerFailure(error, environment);
      });
      // What comes before holds up nobody: modules, and the workflows' code.
      const stopWatching = watchEventLoop(metrics.eventLoopDelay);
      const stopSweeping = sweepRegularly(resources.cache, findThem, log);
      const stopAnnouncing = announceConfigRegularly(resources, telling, IDENTITY, log);
      const stopTidying = tidyUpRegularly(environment, resources, telling, log);
      const stopDelivering = deliverRegularly(telling);
      pool.warm({ transfers: downloads(role), conversions: converts(role) });
      const announced = announceWhenPolling({
        ...{ environment, connection, identity: IDENTITY, log, signal: ended.signal },
        queues: queuesOf(role, hostQueue),
      });
      try {
        await Promise.all(workers.map((worker) => worker.run()));
      } finally {
        stopWatching();
        ended.abort();
        await Promise.all([stopSweeping(), stopTidying(), stopAnnouncing()]);
        await stopDelivering();
        await announced;
        await withdraw(environment);
      }
    } finally {
      await connection.close();
    }
  } finally {
    await pool.close();
    await resources.close();
  }
}

function installRuntime({ METRICS_PORT }: Environment, log: Logger): void {
  try {
    Runtime.install({
      logger: sdkLogger(log),
      telemetryOptions: {
        // Into our log as well; left alone, the core of the SDK prints past it.
        logging: {
          filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }),
          forward: {},
        },
        ...(METRICS_PORT !== undefined && {
          metrics: { prometheus: { bindAddress: `0.0.0.0:${METRICS_PORT}` } },
        }),
      },
    });
  } catch (cause) {
    // All that can go wrong here is the port of the metrics.
    const found = cause instanceof Error ? cause.message : String(cause);
    throw new ImportError('ENVIRONMENT_INVALID', { place: 'METRICS_PORT', found, cause });
  }
}
