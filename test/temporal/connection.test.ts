/** What is asked of Temporal ends with its signal, whatever has become of the server. */
import { NativeConnection, Worker } from '@temporalio/worker';
import { expect, inject, test } from 'vitest';
import { readEnvironment } from '../../src/config/environment.js';
import { withClient } from '../../src/temporal/connection.js';
import { runsOf } from '../../src/temporal/run-ends.js';
import { workerFailure } from '../../src/temporal/worker-connection.js';
import { startForwarder } from '../helpers/forwarder.js';

test('a question that nobody answers any more', async () => {
  const forwarder = await startForwarder(inject('stack').TEMPORAL_ADDRESS);
  const environment = readEnvironment({ TEMPORAL_ADDRESS: forwarder.address });
  const end = new AbortController();
  let asked = 0;
  const asking = withClient(
    environment,
    async (client) => {
      await runsOf(client);
      forwarder.swallow();
      setTimeout(() => end.abort(), 500);
      asked = Date.now();
      await runsOf(client);
    },
    end.signal,
  );
  await expect(asking).rejects.toMatchObject({ code: 'TEMPORAL_UNREACHABLE' });
  // Without the signal it would be the keepalive, after three quarters of a minute, if at all.
  expect(Date.now() - asked).toBeLessThan(30_000);
  forwarder.refuse();
});

test.each([
  ['a server that is gone by then', 'TEMPORAL_UNREACHABLE', 'default', true],
  ['a namespace that does not exist', 'TEMPORAL_NAMESPACE_MISSING', 'nowhere', false],
])('a worker begins with %s', async (_, code, namespace, isGone) => {
  const forwarder = await startForwarder(inject('stack').TEMPORAL_ADDRESS);
  const variables = { TEMPORAL_ADDRESS: forwarder.address, TEMPORAL_NAMESPACE: namespace };
  const connection = await NativeConnection.connect({ address: forwarder.address });
  if (isGone) forwarder.refuse();
  const beginning = Worker.create({
    ...{ connection, namespace, taskQueue: 'none' },
    activities: { none: () => Promise.resolve() },
  }).catch((error: unknown) =>
    Promise.reject(workerFailure(error, readEnvironment(variables)) as Error),
  );
  await expect(beginning).rejects.toMatchObject({ code });
  await connection.close();
  forwarder.refuse();
});
