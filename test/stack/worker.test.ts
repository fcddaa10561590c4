/** The worker process: left alone while nothing changed, started anew when code or settings did. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readStack, startWorker, stopWorker } from '../../src/stack/index.js';
import { markedProcesses } from '../../src/stack/orphans.js';
import { isAlive } from '../../src/locks/process-identity.js';
import { temporaryStackDirectory } from '../helpers/test-stack.js';

const silent = { onProgress: () => undefined };
/** A program that behaves as a worker towards the stack. */
const PROGRAM = `
import { writeFileSync } from 'node:fs';
process.on('SIGTERM', () => { console.log('draining'); setTimeout(() => process.exit(0), 100); });
console.log('threads ' + process.env.UV_THREADPOOL_SIZE + ', setting ' + process.env.LOG_FILE);
setTimeout(() => writeFileSync(process.env.READY_FILE, process.pid + '\\n'), 50);
setInterval(() => undefined, 1000);
`;

let directory: string;
let entry: string;

beforeEach(async () => {
  directory = await temporaryStackDirectory();
  entry = join(directory, '..', 'dist', 'worker.js');
  mkdirSync(dirname(entry));
  writeFileSync(entry, PROGRAM);
});

afterEach(async () => {
  await stopWorker(directory, silent);
  rmSync(join(directory, '..'), { recursive: true });
});

function start(setting: string, others: Record<string, string> = {}) {
  const signal = new AbortController().signal;
  const env = { LOG_FILE: setting, ...others };
  return startWorker({ directory, entry, env, ...silent, signal });
}

test('is ready when it says so, with its settings and a wider thread pool', async () => {
  const worker = await start('one');
  expect(readFileSync(worker.log, 'utf8')).toBe('threads 8, setting one\n');
  expect((await readStack(directory))!.worker).toMatchObject({ pid: worker.pid, alive: true });
});

test('is left alone while code and settings are the same', async () => {
  const first = await start('one');
  expect((await start('one')).pid).toBe(first.pid);
});

test('is left alone when only the terminal is another one', async () => {
  const first = await start('one', { SHLVL: '1' });
  expect((await start('one', { SHLVL: '2', MAKELEVEL: '1', OLDPWD: '/' })).pid).toBe(first.pid);
});

test('drains and starts anew when a setting changed', async () => {
  const first = await start('one');
  const second = await start('two');
  expect(isAlive(first)).toBe(false);
  expect(readFileSync(`${second.log}.1`, 'utf8')).toContain('draining');
  expect(readFileSync(second.log, 'utf8')).toContain('setting two');
});

test('starts anew when its code changed', async () => {
  const first = await start('one');
  writeFileSync(entry, `${PROGRAM}\n`);
  expect((await start('one')).pid).not.toBe(first.pid);
  expect(isAlive(first)).toBe(false);
});

test('that hangs is killed, and nothing of it is left', async () => {
  const worker = await start('one');
  // Not even a handler runs any more.
  process.kill(worker.pid, 'SIGSTOP');
  await stopWorker(directory, silent);
  expect(isAlive(worker)).toBe(false);
  expect(markedProcesses(directory)).toEqual([]);
  expect((await readStack(directory))!.worker).toBeUndefined();
});

test('that cannot start is reported with what it printed', async () => {
  writeFileSync(entry, `throw new Error('no such database')`);
  await expect(start('one')).rejects.toMatchObject({
    code: 'STACK_SERVICE_FAILED',
    message: expect.stringContaining('no such database') as string,
  });
  expect((await readStack(directory))!.worker).toBeUndefined();
});
