/** Starts what the environment does not name: the embedded services and the worker. */
import { join, resolve } from 'node:path';
import {
  configFile,
  projectDirectory,
  readEnvironment,
  type Environment,
} from '../config/environment.js';
import { migrate } from '../catalog/index.js';
import { databaseUrl } from '../config/database.js';
import {
  readStack,
  SERVICE_NAMES,
  startStack,
  startWorker,
  type ServiceName,
  type StackState,
} from '../stack/index.js';
import { LOOPBACK } from '../stack/ports.js';
import { temporalTarget, withClient } from '../temporal/connection.js';
import {
  environmentOf,
  hasRealKaggle,
  samplesDirectory,
  stackDirectory,
  type CommandContext,
  type UseOfSamples,
} from './context.js';
import { embeds } from './embedded.js';
import { refuseWhileBusy } from './shared-worker.js';
import { requireWorker } from './worker-presence.js';

/** The worker is alive by then; it asks anew at most every 10 s. */
const PATIENCE_MS = 120_000;

export interface RunningStack {
  readonly environment: Environment;
  readonly state: StackState;
  /** True when the sample Kaggle server stands in for Kaggle. */
  readonly samples: boolean;
}

export interface EnsureStackOptions {
  /** `always` for the demo; `fallback` when there are no Kaggle credentials; `never`. */
  readonly samples: UseOfSamples;
  /** Also a worker that runs imports with the settings of another terminal is started again. */
  readonly takesWorker?: boolean;
}

/**
 * Idempotent: what already runs is left alone; a worker of other settings or of another build is replaced.
 * Throws what keeps the stack from starting, WORKER_TAKEN, WORKER_MISSING.
 */
export async function ensureStack(
  { samples, takesWorker = false }: EnsureStackOptions,
  { note, signal }: CommandContext,
): Promise<RunningStack> {
  const own = readEnvironment();
  const before = await readStack(stackDirectory(own));
  const used = samples === 'fallback' && hasRealKaggle(own) ? 'never' : samples;
  const withSamples = used !== 'never';
  const request = {
    directory: stackDirectory(own),
    services: SERVICE_NAMES.filter((name) => embeds(own, name, withSamples)),
    samplesDirectory,
    toolPaths: {
      ...(own.TEMPORAL_CLI !== undefined && { temporal: own.TEMPORAL_CLI }),
      ...(own.MINIO_BINARY !== undefined && { minio: own.MINIO_BINARY }),
    },
    cacheDirectory: own.XDG_CACHE_HOME,
    onProgress: note,
    signal,
  };
  const servers = await startStack(request);
  const environment = environmentOf(servers, used);
  await migrate(databaseUrl(environment), { signal });
  // A worker that asks at an address where nobody answers any more does no imports.
  const moved = request.services.some((name) => portOf(before, name) !== portOf(servers, name));
  const worker = await startWorker({
    ...request,
    env: absolutePaths(environment),
    entry: join(projectDirectory, 'dist', 'worker.js'),
    ...(!takesWorker && !moved && { mayReplace: (changed) => refuseWhileBusy(before, changed) }),
  });
  const state = { ...servers, worker };
  const isKept = noteKept(before, state, note);
  // A server that has just been started again knows nothing yet of a worker that has run on.
  if (!isKept) {
    await withClient(environment, (client) =>
      requireWorker(client, temporalTarget(environment).namespace, { note, signal }, PATIENCE_MS),
    );
  }
  return { environment, state, samples: withSamples };
}

/** One line for all that needed nothing; gives whether that is everything. */
function noteKept(
  before: StackState | undefined,
  { services, worker }: StackState,
  note: CommandContext['note'],
): boolean {
  const kept = SERVICE_NAMES.flatMap((name) => {
    const found = services[name];
    if (!found || before?.services[name]?.pid !== found.pid) return [];
    return [`${name} on ${LOOPBACK}:${found.port}`];
  });
  if (worker && before?.worker?.pid === worker.pid) kept.push('worker');
  if (kept.length > 0) note(`Already running: ${kept.join(', ')}`);
  return kept.length === Object.keys(services).length + 1;
}

function portOf(state: StackState | undefined, name: ServiceName): number | undefined {
  return state?.services[name]?.port;
}

/** The worker may start in another folder than this command. */
function absolutePaths(environment: Environment): Record<string, string> {
  const { CACHE_DIR, WORK_DIR, LOG_FILE, KAGGLE_CONFIG_DIR, SSL_CERT_FILE } = environment;
  return {
    ...environment.all,
    CACHE_DIR: resolve(CACHE_DIR),
    WORK_DIR: resolve(WORK_DIR),
    LOG_FILE: resolve(LOG_FILE),
    KAGGLE_CONFIG_DIR: resolve(KAGGLE_CONFIG_DIR),
    KAGGLE_IMPORT_CONFIG: configFile(environment),
    ...(SSL_CERT_FILE !== undefined && { SSL_CERT_FILE: resolve(SSL_CERT_FILE) }),
  };
}
