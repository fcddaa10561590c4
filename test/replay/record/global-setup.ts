/** Servers for the recording: as for the tests, but Temporal finds histories large after a few dozen events. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Connection } from '@temporalio/client';
import type { TestProject } from 'vitest/node';
import type { SharedStack } from '../../helpers/global-setup.js';
import { startTestStack } from '../../helpers/test-stack.js';
import { findTemporal } from '../../helpers/temporal-cli.js';
import { freePort } from '../../helpers/free-port.js';

/** So that a batch of three datasets continues as new in the middle, as one of hundreds does otherwise. */
const SUGGEST_CONTINUE_AS_NEW_AFTER_EVENTS = 25;

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const port = await freePort();
  const server = spawn(
    await findTemporal(),
    [
      ...['server', 'start-dev', '--headless', '--log-level', 'never', '--port', String(port)],
      '--dynamic-config-value',
      `limit.historyCount.suggestContinueAsNew=${SUGGEST_CONTINUE_AS_NEW_AFTER_EVENTS}`,
    ],
    { stdio: 'ignore' },
  );
  const address = `127.0.0.1:${port}`;
  await (await Connection.connect({ address, connectTimeout: '30 seconds' })).close();
  const stack = await startTestStack({ services: ['postgres', 'minio'] });
  const environment = { ...stack.environment, TEMPORAL_ADDRESS: address };
  project.provide('stack', environment as unknown as SharedStack);
  return async () => {
    const ended = once(server, 'exit');
    server.kill('SIGTERM');
    await ended;
    await stack.stop();
  };
}
