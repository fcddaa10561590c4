/** Finds and reaches Temporal: variables and `temporal.toml`, as Temporal's own tools read them. */
import { loadClientConnectConfig, type ClientConnectConfig } from '@temporalio/envconfig';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import type { Environment } from './config/environment.js';
import { ImportError } from './errors/index.js';

const CONNECT_TIMEOUT_MS = 5_000;

export interface TemporalTarget {
  readonly address: string;
  readonly namespace: string;
}

export function temporalConfig(environment: Environment): ClientConnectConfig {
  return loadClientConnectConfig({ overrideEnvVars: { ...environment.all } });
}

export function temporalTarget(environment: Environment): TemporalTarget {
  const { connectionOptions, namespace } = temporalConfig(environment);
  return {
    address: connectionOptions.address ?? 'localhost:7233',
    namespace: namespace ?? 'default',
  };
}

/** The caller closes `client.connection`. Throws TEMPORAL_UNREACHABLE. */
export async function connectClient(environment: Environment): Promise<Client> {
  const { connectionOptions } = temporalConfig(environment);
  const { address, namespace } = temporalTarget(environment);
  try {
    const options = { ...connectionOptions, address, connectTimeout: CONNECT_TIMEOUT_MS };
    return new Client({ connection: await Connection.connect(options), namespace });
  } catch (cause) {
    throw new ImportError('TEMPORAL_UNREACHABLE', { place: address, cause });
  }
}

/** For a worker, which may start before its server: tries for `patienceMs`. Throws TEMPORAL_UNREACHABLE. */
export async function connectWorker(
  environment: Environment,
  patienceMs: number,
): Promise<NativeConnection> {
  const { connectionOptions } = temporalConfig(environment);
  const { address } = temporalTarget(environment);
  const deadline = Date.now() + patienceMs;
  for (;;) {
    try {
      return await NativeConnection.connect({ ...connectionOptions, address });
    } catch (cause) {
      if (Date.now() > deadline) {
        throw new ImportError('TEMPORAL_UNREACHABLE', { place: address, cause });
      }
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
  }
}
