/** What must not go wrong around a start: strangers' processes, dead locks, servers that fail, root-only folders. */
import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, expect, test } from 'vitest';
import { readStack, stackEnvironment, startStack, stopStack } from '../../src/stack/index.js';
import { markedProcesses } from '../../src/stack/orphans.js';
import { identify, pidWorld } from '../../src/locks/process-identity.js';
import { eventually } from '../helpers/eventually.js';
import { temporaryStackDirectory, testStackOptions } from '../helpers/test-stack.js';

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

function program(folder: string, name: string, lines: readonly string[]): string {
  const path = join(folder, name);
  writeFileSync(path, `${['#!/bin/sh', ...lines].join('\n')}\n`, { mode: 0o755 });
  return path;
}

test('a stranger with a recycled pid is neither taken for ours nor killed', async () => {
  const directory = await newDirectory();
  const stranger = spawn('sleep', ['60']);
  try {
    mkdirSync(directory);
    const minio = { pid: stranger.pid, startTime: 'long ago', port: 9000, uiPort: 9001, log: '/x' };
    writeFileSync(join(directory, 'stack.json'), JSON.stringify({ services: { minio } }));
    expect((await readStack(directory))!.services.minio!.alive).toBe(false);
    await stopStack(directory, silent);
    expect(identify(stranger.pid!)).toBeDefined();
    const state = await startStack(testStackOptions(directory, ['minio']));
    expect(state.services.minio!.pid).not.toBe(stranger.pid);
    expect(identify(stranger.pid!)).toBeDefined();
  } finally {
    stranger.kill();
  }
});

test('PostgreSQL starts although a stranger got the pid in its stale lock file', async () => {
  const directory = await newDirectory();
  const options = testStackOptions(directory, ['postgres']);
  const { pid } = (await startStack(options)).services.postgres!;
  const lock = join(directory, 'postgres', 'postmaster.pid');
  const [, ...lines] = readFileSync(lock, 'utf8').split('\n');
  process.kill(pid, 'SIGKILL');
  // Of the same user, for PostgreSQL ignores other users' processes.
  const { uid, gid } = statSync(lock);
  const stranger = spawn('sleep', ['60'], process.getuid?.() === 0 ? { uid, gid, cwd: '/' } : {});
  try {
    writeFileSync(lock, [stranger.pid, ...lines].join('\n'));
    expect((await startStack(options)).services.postgres!.alive).toBe(true);
    expect(identify(stranger.pid!)).toBeDefined();
  } finally {
    stranger.kill();
  }
});

test('data of another major version of PostgreSQL is refused with what to do', async () => {
  const directory = await newDirectory();
  const options = testStackOptions(directory, ['postgres']);
  await startStack(options);
  await stopStack(directory, silent);
  writeFileSync(join(directory, 'postgres', 'PG_VERSION'), '16\n');
  await expect(startStack(options)).rejects.toMatchObject({
    code: 'STACK_UNUSABLE',
    message: expect.stringMatching(/PostgreSQL \d+, found data of PostgreSQL 16/) as string,
    nextStep: expect.stringContaining('pg_dump') as string,
  });
});

test('a record of another version is no obstacle: its servers are found by their mark', async () => {
  const directory = await newDirectory();
  const options = testStackOptions(directory, ['minio']);
  const { pid } = (await startStack(options)).services.minio!;
  writeFileSync(join(directory, 'stack.json'), JSON.stringify({ version: 0, processes: [pid] }));
  const after = await startStack(options);
  expect(after.services.minio!.pid).not.toBe(pid);
  expect(identify(pid)).toBeUndefined();
});

test('a lock whose holder was killed does not block', async () => {
  const directory = await newDirectory();
  mkdirSync(join(directory, 'claims'), { recursive: true });
  const dead = { pid: process.pid, startTime: 'long ago', world: pidWorld() };
  writeFileSync(join(directory, 'claims', 'dead.json'), JSON.stringify(dead));
  await stopStack(directory, silent);
  expect(() => statSync(join(directory, 'claims'))).toThrow('ENOENT');
});

test('a server that ends at once fails the start with the end of its log, and stops the others', async () => {
  const directory = await newDirectory();
  const broken = program(join(directory, '..'), 'broken', [
    '[ "$1" = --version ] && exit 0',
    'echo "the disk is made of cheese" >&2; exit 7',
  ]);
  const options = testStackOptions(directory, ['postgres', 'minio']);
  await expect(startStack({ ...options, toolPaths: { minio: broken } })).rejects.toMatchObject({
    code: 'STACK_SERVICE_FAILED',
    message: expect.stringContaining('the disk is made of cheese') as string,
  });
  expect(markedProcesses(directory)).toEqual([]);
});

test('a cancelled start leaves no process and no lock', async () => {
  const directory = await newDirectory();
  const cancel = new AbortController();
  const starting = startStack({
    ...testStackOptions(directory, ['temporal', 'postgres', 'minio']),
    signal: cancel.signal,
    onProgress: () => cancel.abort(),
  });
  await expect(starting).rejects.toMatchObject({ name: 'AbortError' });
  expect(markedProcesses(directory)).toEqual([]);
  expect(() => statSync(join(directory, 'claims'))).toThrow('ENOENT');
});

test('a start cancelled in the middle of initdb leaves none of its processes', async () => {
  const directory = await newDirectory();
  const options = testStackOptions(directory, ['postgres']);
  const [unfinished, whole] = ['postgres.initdb', 'postgres'].map((name) => join(directory, name));
  for (const sign of ['global', 'base/1/PG_VERSION', 'base/4']) {
    // On a busy machine initdb may get to its end between two looks: then once more.
    for (let wasCaught = false; !wasCaught;) {
      for (const folder of [unfinished!, whole!]) rmSync(folder, { recursive: true, force: true });
      const cancel = new AbortController();
      const starting = startStack({ ...options, signal: cancel.signal }).then(() => '', String);
      await eventually(
        `initdb to reach ${sign}`,
        () => existsSync(join(unfinished!, sign)) || existsSync(whole!),
      );
      cancel.abort();
      const outcome = await starting;
      wasCaught = !existsSync(whole!);
      if (wasCaught) expect(outcome).toContain('AbortError');
      else await stopStack(directory, silent);
      expect(markedProcesses(directory)).toEqual([]);
    }
  }
  await startStack(options);
});

test('passwords are readable for their owner only, and the record holds none', async () => {
  const directory = await newDirectory();
  const state = await startStack(testStackOptions(directory, ['minio']));
  expect(statSync(join(directory, 'secrets.json')).mode & 0o777).toBe(0o600);
  const { MINIO_SECRET_KEY } = stackEnvironment(state);
  expect(MINIO_SECRET_KEY).toMatch(/^.{32}$/);
  expect(readFileSync(join(directory, 'stack.json'), 'utf8')).not.toContain(MINIO_SECRET_KEY);
});

// Only root has folders that the server's user cannot enter.
if (process.getuid?.() === 0) {
  test('PostgreSQL runs for a clone below a root-only folder', async () => {
    const directory = await newDirectory();
    chmodSync(join(directory, '..'), 0o700);
    const state = await startStack(testStackOptions(directory, ['postgres']));
    const client = new pg.Client({ connectionString: stackEnvironment(state)['DATABASE_URL'] });
    await client.connect();
    const { rows } = await client.query<{ place: string }>(
      `SELECT current_setting('data_directory') AS place`,
    );
    await client.end();
    expect(statSync(join(directory, '..')).mode & 0o777).toBe(0o700);
    await stopStack(directory, silent);
    expect(markedProcesses(directory)).toEqual([]);
    rmSync(rows[0]!.place, { recursive: true });
  });
}
