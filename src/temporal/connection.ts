/** Finds and reaches Temporal: variables and `temporal.toml`, as Temporal's own tools read them. */
import { loadClientConnectConfig, type ClientConnectConfig } from '@temporalio/envconfig';
import { Client, Connection } from '@temporalio/client';
import type { Environment } from '../config/environment.js';
import { ImportError } from '../errors/index.js';
import { temporalFailure } from './failure.js';

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

/**
 * Connects, and closes the connection afterwards. What is asked with `signal` ends with it: by itself, a question to a
 * server that went away in that moment may never end.
 * Throws TEMPORAL_UNREACHABLE, TEMPORAL_FORBIDDEN, TEMPORAL_NAMESPACE_MISSING, and what `use` throws.
 */
export async function withClient<Result>(
  environment: Environment,
  use: (client: Client) => Promise<Result>,
  signal?: AbortSignal,
): Promise<Result> {
  const { address, namespace } = temporalTarget(environment);
  const connection = await connect(environment, address);
  try {
    const client = new Client({ connection, namespace });
    return await (signal ? client.withAbortSignal(signal, () => use(client)) : use(client));
  } catch (error) {
    throw temporalFailure(error, address, namespace);
  } finally {
    await connection.close();
  }
}

async function connect(environment: Environment, address: string): Promise<Connection> {
  const { connectionOptions } = temporalConfig(environment);
  const options = { ...connectionOptions, address, connectTimeout: CONNECT_TIMEOUT_MS };
  try {
    return await Connection.connect(options);
  } catch (cause) {
    throw new ImportError('TEMPORAL_UNREACHABLE', { place: address, cause });
  }
}
