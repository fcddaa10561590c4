/** A command that follows an import loses the server on the way, as a Kubernetes job does while Temporal restarts. */
import { Client, Connection, type WorkflowClientInterceptor } from '@temporalio/client';
import { expect, inject, test } from 'vitest';
import { followAll } from '../../src/commands/follow.js';
import { IMPORT_ALL_WORKFLOW_ID } from '../../src/contract.js';
import { startForwarder } from '../helpers/forwarder.js';
import { createTestNamespace } from '../helpers/test-namespace.js';

const context = {
  signal: new AbortController().signal,
  json: false,
  result: () => undefined,
  note: () => undefined,
};

test('a server that goes away is a service that cannot be reached, not a failed import; the next command joins', async () => {
  const namespace = await createTestNamespace();
  const { address, refuse } = await startForwarder(inject('stack').TEMPORAL_ADDRESS);
  // Without the client's own retries, which take 20 s and are not in question.
  const connection = await Connection.connect({ address, interceptors: [] });
  const follower = new Client({ connection, namespace: namespace.name });
  const whole = namespace.client.workflow.getHandle(IMPORT_ALL_WORKFLOW_ID);
  try {
    const following = followAll(follower, {}, context).catch((error: unknown) => error);
    await expect.poll(() => whole.describe().catch(() => undefined)).toBeDefined();
    const { runId } = await whole.describe();
    refuse();
    expect(await following).toMatchObject({ code: 'TEMPORAL_UNREACHABLE', exitCode: 3 });

    let ask: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => (ask = resolve));
    const query: WorkflowClientInterceptor['query'] = (input, next) => {
      ask();
      return next(input);
    };
    const next = new Client({
      connection: namespace.client.connection,
      namespace: namespace.name,
      interceptors: { workflow: [{ query }] },
    });
    const detach = new AbortController();
    const joined = followAll(next, {}, { ...context, signal: detach.signal }).catch(
      (error: unknown) => error,
    );
    // It asks for progress once it has started, or joined, a run.
    await asked;
    expect(await whole.describe()).toMatchObject({ runId, status: { name: 'RUNNING' } });
    detach.abort(new Error('seen enough'));
    expect(await joined).toMatchObject({ code: 'INTERRUPTED' });
    await whole.terminate();
  } finally {
    await connection.close();
    await namespace.close();
  }
});
