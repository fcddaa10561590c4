/** Starts what the environment does not name: the embedded services and the worker. */
import { join, resolve } from 'node:path';
import {
  configFile,
  hasKaggleCredentials,
  projectDirectory,
  readEnvironment,
  type Environment,
} from '../config/environment.js';
import { migrate } from '../catalog/index.js';
import { databaseUrl } from '../resources.js';
import {
  SERVICE_NAMES,
  startStack,
  startWorker,
  type ServiceName,
  type StackState,
} from '../stack/index.js';
import { temporalConfig } from '../temporal/connection.js';
import {
  environmentOf,
  KAGGLE_API,
  samplesDirectory,
  stackDirectory,
  type CommandContext,
  type UseOfSamples,
} from './context.js';

export interface RunningStack {
  readonly environment: Environment;
  readonly state: StackState;
  /** True when the sample Kaggle server stands in for Kaggle. */
  readonly samples: boolean;
}

/**
 * Idempotent: what already runs is left alone; a worker of another configuration or build is replaced.
 * `samples`: `always` for the demo; `fallback` when there are no Kaggle credentials; `never`.
 */
export async function ensureStack(
  samples: UseOfSamples,
  { note, signal }: CommandContext,
): Promise<RunningStack> {
  const own = readEnvironment();
  const real = hasKaggleCredentials(own) || own.KAGGLE_API_BASE !== KAGGLE_API;
  const used = samples === 'fallback' && real ? 'never' : samples;
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
  const worker = await startWorker({
    ...request,
    env: absolutePaths(environment),
    entry: join(projectDirectory, 'dist', 'worker.js'),
  });
  const state = { ...servers, worker };
  return { environment, state, samples: withSamples };
}

function embeds(own: Environment, name: ServiceName, withSamples: boolean): boolean {
  switch (name) {
    case 'temporal':
      return temporalConfig(own).connectionOptions.address === undefined;
    case 'postgres':
      return own.DATABASE_URL === undefined;
    case 'minio':
      return own.STORAGE_BACKEND === 'minio' && own.MINIO_ENDPOINT === undefined;
    case 'kaggle':
      return withSamples;
  }
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
