/** Which version of the workflows a worker has, for a Temporal server that keeps old runs on old workers. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { WorkerDeploymentOptions } from '@temporalio/worker';
import { toolVersion, type Environment } from './config/environment.js';

/** Enough of a digest to tell builds apart. */
const DIGITS = 12;

/**
 * Off unless a deployment is named. Only workflows are bound to the version that began them: what activities take and
 * give is understood by the version before and the one after, and those of a host must find a worker there.
 */
export function versionOf(
  { WORKER_DEPLOYMENT, WORKER_BUILD_ID }: Environment,
  bundlePath: string,
): WorkerDeploymentOptions | undefined {
  if (WORKER_DEPLOYMENT === undefined) return undefined;
  return {
    version: {
      deploymentName: WORKER_DEPLOYMENT,
      buildId: WORKER_BUILD_ID ?? buildIdOf(bundlePath),
    },
    useWorkerVersioning: true,
    defaultVersioningBehavior: 'PINNED',
  };
}

/** The same for the same workflows: a build that changes none of them goes on with what the one before began. */
function buildIdOf(bundlePath: string): string {
  const digest = createHash('sha256').update(readFileSync(bundlePath)).digest('hex');
  return `${toolVersion}-${digest.slice(0, DIGITS)}`;
}
