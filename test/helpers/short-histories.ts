/** A Temporal server that finds histories large after a few dozen events: batches continue as new, or are ended by it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Connection } from '@temporalio/client';
import { freePort } from './free-port.js';
import { findTemporal } from './temporal-cli.js';

export interface ShortHistories {
  readonly address: string;
  stop(): Promise<void>;
}

/** @param limit - `error`: the server terminates what has more events */
export async function startShortHistories(
  events: number,
  limit: 'suggestContinueAsNew' | 'error' = 'suggestContinueAsNew',
): Promise<ShortHistories> {
  const port = await freePort();
  const server = spawn(
    await findTemporal(),
    [
      ...['server', 'start-dev', '--headless', '--log-level', 'never', '--port', String(port)],
      '--dynamic-config-value',
      `limit.historyCount.${limit}=${events}`,
    ],
    { stdio: 'ignore' },
  );
  const address = `127.0.0.1:${port}`;
  await (await Connection.connect({ address, connectTimeout: '30 seconds' })).close();
  return {
    address,
    async stop() {
      const ended = once(server, 'exit');
      server.kill('SIGTERM');
      await ended;
    },
  };
}
