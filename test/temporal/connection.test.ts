/** What is asked of Temporal ends with its signal, whatever has become of the server. */
import { expect, inject, test } from 'vitest';
import { readEnvironment } from '../../src/config/environment.js';
import { withClient } from '../../src/temporal/connection.js';
import { runsOf } from '../../src/temporal/run-ends.js';
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
