/** "Ready" means that the server knows the worker on all its queues: what is started then gets on at once. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker, NativeConnection } from '@temporalio/worker';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { TASK_QUEUES } from '../../src/contract.js';
import { readEnvironment } from '../../src/config/environment.js';
import type { Logger } from '../../src/log.js';
import { pollersOf } from '../../src/temporal/pollers.js';
import { announceWhenPolling } from '../../src/worker-announcement.js';
import { commandRunner } from '../helpers/command.js';
import { eventually } from '../helpers/eventually.js';
import { ImportSite } from '../helpers/import-site.js';
import '../helpers/workflow-workers.js';

let site: ImportSite;

beforeAll(async () => {
  site = await ImportSite.open({ datasets: { small: { 'small.csv': 'a,b\n1,x\n' } } });
});
afterAll(() => site.close());

test('a worker that the server does not know on one of its queues is not ready yet', async () => {
  const connection = await NativeConnection.connect({
    address: inject('stack').TEMPORAL_ADDRESS,
  });
  const { name: namespace, client } = site.namespace;
  const identity = 'this one';
  const worker = async (taskQueue: string, as: string): Promise<() => Promise<void>> => {
    const activities = { nothing: async () => undefined };
    const options = { connection, namespace, identity: as, taskQueue, activities };
    const created = await Worker.create(options);
    const running = created.run();
    return async () => {
      created.shutdown();
      await running;
    };
  };
  const file = join(site.folder, 'announced');
  const ended = new AbortController();
  const said: string[] = [];
  const note = (_details: object, text: string): void => void said.push(text);
  const announced = announceWhenPolling({
    environment: readEnvironment({}, { ...site.environment(), READY_FILE: file }),
    ...{ connection, identity, signal: ended.signal },
    queues: [
      { name: 'one', takes: 'activities' },
      { name: 'two', takes: 'activities' },
    ],
    log: { info: note, warn: note, error: note } as unknown as Logger,
  });
  // A poller that is another process counts for nothing.
  const stops = [await worker('one', identity), await worker('two', 'another one')];
  for (const name of ['one', 'two']) {
    await eventually('a poller', async () => {
      const pollers = await pollersOf(client, namespace, { name, takes: 'activities' });
      return pollers.length > 0;
    });
  }
  expect(existsSync(file)).toBe(false);
  expect(said).toEqual([]);

  // The SDK allows one of them in a process; the server remembers the other one.
  await stops.pop()!();
  stops.push(await worker('two', identity));
  await announced;
  expect(readFileSync(file, 'utf8')).toBe(`${process.pid}\n`);
  expect(said).toEqual(['worker ready']);
  for (const stop of stops) await stop();
  await connection.close();
});

test('a worker says that it is ready whatever it logs, and takes it back when it ends', async () => {
  const { environment, start } = commandRunner({
    ...site.environment(),
    // With a stack of its own, in which the worker is all that runs.
    LOG_LEVEL: 'silent',
  });
  expect((await start(['up']).ended).exitCode).toBe(0);
  const { client, name } = site.namespace;
  const pollers = await pollersOf(client, name, { name: TASK_QUEUES.control, takes: 'workflows' });
  expect(pollers).toHaveLength(1);
  const ready = join(environment['STACK_DIR']!, 'worker.ready');
  expect(existsSync(ready)).toBe(true);
  expect((await start(['down']).ended).exitCode).toBe(0);
  expect(existsSync(ready)).toBe(false);
});

test('an import that comes before its worker waits for it', async () => {
  // Where no worker has ever been: the server remembers them for some minutes.
  const other = await ImportSite.open({ datasets: { small: { 'small.csv': 'a,b\n1,x\n' } } });
  const command = commandRunner(other.environment()).start(['import', 'small']);
  await eventually('the wait', () => command.said().includes('Waiting for a worker'));
  await other.startWorker();
  expect((await command.ended).exitCode).toBe(0);
  await other.close();
});
