/** Reaches Temporal from a worker. Apart from the commands' connection, whose start the SDK's core would slow down. */
import { NativeConnection } from '@temporalio/worker';
import type { Environment } from '../config/environment.js';
import { ImportError } from '../errors/index.js';
import { temporalConfig, temporalTarget } from './connection.js';

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
