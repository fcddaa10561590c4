/** Reaches Temporal from a worker. Apart from the commands' connection, whose start the SDK's core would slow down. */
import { NativeConnection, TransportError } from '@temporalio/worker';
import type { Environment } from '../config/environment.js';
import { ImportError } from '../errors/index.js';
import { temporalConfig, temporalTarget } from './connection.js';
import { temporalFailure } from './failure.js';

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

/** As `temporalFailure`, and of the SDK's core too, which says all that it has in words when a worker begins. */
export function workerFailure(error: unknown, environment: Environment): unknown {
  const { address, namespace } = temporalTarget(environment);
  if (!(error instanceof TransportError)) return temporalFailure(error, address, namespace);
  return /\bcode: NotFound\b/.test(error.message)
    ? new ImportError('TEMPORAL_NAMESPACE_MISSING', { place: `${address}, ${namespace}` })
    : new ImportError('TEMPORAL_UNREACHABLE', {
        place: address,
        found: error.message,
        cause: error,
      });
}
