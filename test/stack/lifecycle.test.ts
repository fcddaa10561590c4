/** The life of a stack: start, take over, avoid taken ports, recover from kill -9, stop without a trace. */
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Client as Temporal, Connection } from '@temporalio/client';
import { Client as Minio } from 'minio';
import pg from 'pg';
import { afterEach, expect, test } from 'vitest';
import { readStack, stackEnvironment, startStack, stopStack } from '../../src/stack/index.js';
import type { ServiceName, StackState } from '../../src/stack/index.js';
import { markedProcesses } from '../../src/stack/orphans.js';
import { isAlive } from '../../src/locks/process-identity.js';
import { temporaryStackDirectory, testStackOptions } from '../helpers/test-stack.js';

const SERVERS = ['temporal', 'postgres', 'minio'] as const;
const directories: string[] = [];
const silent = { onProgress: () => undefined };

afterEach(async () => {
  for (const directory of directories.splice(0)) {
    await stopStack(directory, silent);
    rmSync(join(directory, '..'), { recursive: true, force: true });
  }
});

async function newDirectory(): Promise<string> {
  const directory = await temporaryStackDirectory();
  directories.push(directory);
  return directory;
}

function start(directory: string, services: readonly ServiceName[] = SERVERS) {
  return startStack(testStackOptions(directory, services));
}

function pids(state: StackState): number[] {
  return Object.values(state.services).map(({ pid }) => pid);
}

async function query(state: StackState, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: stackEnvironment(state)['DATABASE_URL'] });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

function minioOf(state: StackState): Minio {
  const environment = stackEnvironment(state);
  return new Minio({
    endPoint: '127.0.0.1',
    port: state.services.minio!.port,
    useSSL: false,
    accessKey: environment['MINIO_ACCESS_KEY']!,
    secretKey: environment['MINIO_SECRET_KEY']!,
  });
}

async function onTemporal<T>(state: StackState, work: (client: Temporal) => Promise<T>) {
  const connection = await Connection.connect({
    address: stackEnvironment(state)['TEMPORAL_ADDRESS']!,
  });
  try {
    return await work(new Temporal({ connection }));
  } finally {
    await connection.close();
  }
}

/** Every process that carries the stack's marker, its PostgreSQL children included. */
function processesOf(directory: string): number[] {
  return markedProcesses(directory).map(({ pid }) => pid);
}

test('a second start takes over what runs, and a stop leaves no process behind', async () => {
  const directory = await newDirectory();
  const first = await start(directory);
  expect(processesOf(directory)).toEqual(expect.arrayContaining(pids(first)));
  expect(pids(await start(directory))).toEqual(pids(first));

  await stopStack(directory, silent);
  expect(processesOf(directory)).toEqual([]);
  const after = await readStack(directory);
  expect(Object.values(after!.services).map(({ alive }) => alive)).toEqual([false, false, false]);
  await stopStack(directory, silent);
});

test('a port that another program holds is avoided, and the chosen one recorded', async () => {
  const directory = await newDirectory();
  const { port } = (await start(directory, ['minio'])).services.minio!;
  await stopStack(directory, silent);
  const other = createServer().listen(port, '127.0.0.1');
  // When somebody else was faster, the port is taken just the same.
  await once(other, 'listening').catch(() => undefined);
  try {
    const state = await start(directory, ['minio']);
    expect(state.services.minio!.port).not.toBe(port);
    const recorded = JSON.parse(readFileSync(join(directory, 'stack.json'), 'utf8')) as StackState;
    expect(recorded.services.minio!.port).toBe(state.services.minio!.port);
    await minioOf(state).listBuckets();
  } finally {
    other.close();
  }
});

test('after kill -9 of everything the next start recovers, with all data', async () => {
  const directory = await newDirectory();
  const before = await start(directory);
  await query(before, 'CREATE TABLE kept AS SELECT 42 AS answer');
  await minioOf(before).makeBucket('kept');
  await minioOf(before).putObject('kept', 'object', 'bytes');
  const workflowId = 'kept';
  await onTemporal(before, (client) =>
    client.workflow.start('nobody', { workflowId, taskQueue: 'nobody' }),
  );
  for (const pid of pids(before)) process.kill(pid, 'SIGKILL');

  const after = await start(directory);
  expect(pids(after).some((pid) => pids(before).includes(pid))).toBe(false);
  expect(await query(after, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  expect((await minioOf(after).statObject('kept', 'object')).size).toBe(5);
  const description = await onTemporal(after, (client) =>
    client.workflow.getHandle(workflowId).describe(),
  );
  expect(description.status.name).toBe('RUNNING');
});

test('servers that no record knows are stopped before new ones open their data', async () => {
  const directory = await newDirectory();
  const before = await start(directory);
  await query(before, 'CREATE TABLE kept AS SELECT 42 AS answer');
  rmSync(join(directory, 'stack.json'));

  const after = await start(directory);
  expect(Object.values(before.services).some(isAlive)).toBe(false);
  expect(await query(after, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
});

test('two clones run side by side, each with its own ports and data', async () => {
  const [one, two] = await Promise.all([newDirectory(), newDirectory()]);
  const [first, second] = await Promise.all([start(one), start(two)]);
  const ports = [first, second].flatMap(({ services }) =>
    Object.values(services).flatMap(({ port, uiPort }) => (uiPort ? [port, uiPort] : [port])),
  );
  expect(new Set(ports).size).toBe(10);
  await query(first, 'CREATE TABLE only_in_first ()');
  expect(await query(second, `SELECT to_regclass('only_in_first') AS found`)).toEqual([
    { found: null },
  ]);
  await stopStack(one, silent);
  expect(Object.values((await readStack(two))!.services).every(({ alive }) => alive)).toBe(true);
});

test('two starts at once of the same clone make one stack', async () => {
  const directory = await newDirectory();
  const [first, second] = await Promise.all([
    start(directory, ['postgres', 'minio']),
    start(directory, ['postgres', 'minio']),
  ]);
  expect(pids(second)).toEqual(pids(first));
});
