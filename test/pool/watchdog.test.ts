/** A process of the pool that is too busy to hear anything still ends when it takes too much, or when its worker is gone. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { identify, isAlive } from '../../src/locks/process-identity.js';
import { OVER_LIMIT } from '../../src/pool/over-limit.js';
import { eventually } from '../helpers/eventually.js';

const WATCHDOG = join(import.meta.dirname, '..', '..', 'dist', 'pool', 'watchdog.js');

/** Watched, it does `work` and never comes back to its event loop. */
const busyWith = (work: string, residentBytes: number): string => `
  const { Worker } = require('node:worker_threads');
  const workerData = { parent: process.ppid, residentBytes: ${residentBytes} };
  new Worker(${JSON.stringify(WATCHDOG)}, { workerData }).once('online', () => {
    console.log(process.pid);
    const held = [];
    for (;;) ${work};
  });`;

test('more memory than it may have: it says so, and ends', async () => {
  const hungry = busyWith('if (held.length < 50) held.push(Buffer.alloc(10e6, 1))', 250e6);
  const child = spawn(process.execPath, ['-e', hungry]);
  const ended = once(child, 'exit');
  expect(await text(child.stderr)).toBe(`${OVER_LIMIT}\n`);
  expect(await ended).toEqual([null, 'SIGKILL']);
});

test('its worker is killed: it ends', async () => {
  // Stands for the worker: it has started the process, and waits for it.
  const shell = spawn('/bin/sh', [
    '-c',
    '"$0" -e "$1"; true',
    process.execPath,
    busyWith('', 1e12),
  ]);
  const [pid] = (await once(createInterface(shell.stdout), 'line')) as [string];
  const busy = identify(Number(pid))!;
  expect(isAlive(busy)).toBe(true);
  shell.kill('SIGKILL');
  await eventually('the end of the process', () => !isAlive(busy));
});
