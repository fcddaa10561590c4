/** Temporal servers with settings of their own: histories are large after a few dozen events, or queues have one part. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Connection } from '@temporalio/client';
import { freePort } from './free-port.js';
import { findTemporal } from './temporal-cli.js';

export interface OwnTemporal {
  readonly address: string;
  stop(): Promise<void>;
}

/** @param limit - `error`: the server terminates what has more events */
export function startShortHistories(
  events: number,
  limit: 'suggestContinueAsNew' | 'error' = 'suggestContinueAsNew',
): Promise<OwnTemporal> {
  return startOwnTemporal({ [`limit.historyCount.${limit}`]: events });
}

/** @param settings - of its dynamic configuration */
export async function startOwnTemporal(
  settings: Readonly<Record<string, number | boolean>>,
): Promise<OwnTemporal> {
  const port = await freePort();
  const server = spawn(
    await findTemporal(),
    [
      ...['server', 'start-dev', '--headless', '--log-level', 'never', '--port', String(port)],
      ...Object.entries(settings).flatMap(([name, value]) => [
        ...['--dynamic-config-value', `${name}=${value}`],
      ]),
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
