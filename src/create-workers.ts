/** The SDK's workers of this process, one a queue: control for everyone, downloads, this host's own, and its upkeep. */
import { fileURLToPath } from 'node:url';
import { Worker, type NativeConnection } from '@temporalio/worker';
import { createActivities } from './activities/index.js';
import type { Environment } from './config/environment.js';
import { TASK_QUEUES } from './contract.js';
import type { Logger } from './log.js';
import type { BytesPool } from './pool/index.js';
import type { Resources } from './resources.js';
import type { Telling } from './telling/index.js';
import { temporalTarget } from './temporal/connection.js';
import { converts, downloads, type WorkerRole } from './worker-role.js';
import { versionOf } from './worker-version.js';

/** Time for running activities to reach a heartbeat and stop; below Kubernetes' default grace of 30 s. */
const SHUTDOWN_GRACE = '15 seconds';
const SHUTDOWN_FORCE = '25 seconds';

/**
 * A cancellation comes with the answer to a heartbeat, and people see progress by it; the SDK would hold
 * heartbeats back for most of a minute.
 */
const HEARTBEAT_HEARD_WITHIN = '2 seconds';

/** Imports in flight whose workflow state is kept in memory; each costs a few MB. */
const CACHED_WORKFLOWS = 100;

/**
 * Short ones, of which each worker asks the catalog over four connections and everything on one thread: more at once
 * would only wait there. None of them waits for another one of this queue, however wide a batch is.
 */
export const CONTROL_ACTIVITIES = 24;

/** Downloads of hours must not keep the short questions of other imports from their turn. */
const SOURCE_ACTIVITIES = 16;

const WORKFLOWS = fileURLToPath(new URL('./workflow-bundle.js', import.meta.url));

export interface WorkerParts {
  readonly environment: Environment;
  readonly resources: Resources;
  readonly telling: Telling;
  readonly pool: BytesPool;
  readonly connection: NativeConnection;
  readonly hostQueue: string;
  readonly role: WorkerRole;
  /** Different for each process. */
  readonly identity: string;
  readonly log: Logger;
}

export async function createWorkers(parts: WorkerParts): Promise<Worker[]> {
  const { environment, resources, telling, pool, connection, hostQueue, role } = parts;
  const { identity, log } = parts;
  const { namespace } = temporalTarget(environment);
  const activities = createActivities(resources, telling, pool);
  const common = {
    ...{ connection, namespace, activities, identity },
    shutdownGraceTime: SHUTDOWN_GRACE,
    shutdownForceTime: SHUTDOWN_FORCE,
    maxHeartbeatThrottleInterval: HEARTBEAT_HEARD_WITHIN,
  } as const;
  const version = versionOf(environment, WORKFLOWS);
  log.info({ role, ...version?.version }, 'worker starts');
  const ofSource = () => [
    Worker.create({
      ...common,
      taskQueue: TASK_QUEUES.control,
      workflowBundle: { codePath: WORKFLOWS },
      maxCachedWorkflows: CACHED_WORKFLOWS,
      maxConcurrentActivityTaskExecutions: CONTROL_ACTIVITIES,
      ...(version && { workerDeploymentOptions: version }),
    }),
    Worker.create({
      ...common,
      taskQueue: TASK_QUEUES.download,
      // One budget for all workers: the server gives out questions and downloads no faster than this.
      maxTaskQueueActivitiesPerSecond: environment.DOWNLOADS_PER_SECOND,
      maxConcurrentActivityTaskExecutions: SOURCE_ACTIVITIES,
    }),
  ];
  const ofHost = () => [
    Worker.create({
      ...common,
      taskQueue: hostQueue,
      maxConcurrentActivityTaskExecutions: pool.conversions,
    }),
    Worker.create({ ...common, taskQueue: TASK_QUEUES.upkeep(hostQueue) }),
  ];
  return Promise.all([...(downloads(role) ? ofSource() : []), ...(converts(role) ? ofHost() : [])]);
}
