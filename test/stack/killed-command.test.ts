/** Servers outlive the command that started them, however it ends. Runs the built program. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL, fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readStack, stackEnvironment, startStack, stopStack } from '../../src/stack/index.js';
import type { ServiceName } from '../../src/stack/index.js';
import { markedProcesses } from '../../src/stack/orphans.js';
import { eventually } from '../helpers/eventually.js';
import { temporaryStackDirectory, testStackOptions } from '../helpers/test-stack.js';

const BUILT = fileURLToPath(new URL('../../dist/stack/index.js', import.meta.url));
let directory: string;

beforeEach(async () => {
  directory = await temporaryStackDirectory();
});
afterEach(async () => {
  await stopStack(directory, { onProgress: () => undefined });
  rmSync(join(directory, '..'), { recursive: true, force: true });
});

function inCommand(code: string) {
  const all = `import { startStack, stopStack } from ${JSON.stringify(pathToFileURL(BUILT).href)};`;
  const args = ['--input-type=module', '--eval', `${all}\n${code}`];
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Starts a stack in a process of its own, which is killed once it has said `lines` lines. */
async function startInCommand(services: readonly ServiceName[], lines = Infinity): Promise<void> {
  const samplesDirectory = join(directory, '..', 'samples');
  mkdirSync(samplesDirectory, { recursive: true });
  const options = { ...testStackOptions(directory, services), samplesDirectory };
  const command = inCommand(
    `const signal = new AbortController().signal;
     await startStack({ ...${JSON.stringify(options)}, onProgress: console.log, signal });
     process.exit(0);`,
  );
  let said = 0;
  command.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString().split('\n').length - 1;
    if (said >= lines) command.kill('SIGKILL');
  });
  await once(command, 'exit');
}

test('the servers run on when the command has ended, the sample Kaggle server among them', async () => {
  await startInCommand(['postgres', 'kaggle']);
  const state = (await readStack(directory))!;
  expect(state.services).toMatchObject({ postgres: { alive: true }, kaggle: { alive: true } });
  const base = stackEnvironment(state)['KAGGLE_API_BASE']!;
  expect((await fetch(new URL('/healthz', base))).status).toBe(200);
});

test('a server that a killed command was ending is not taken for one that runs on', async () => {
  const options = testStackOptions(directory, ['temporal']);
  const { pid } = (await startStack(options)).services.temporal!;
  // What it is asked, it hears later.
  process.kill(pid, 'SIGSTOP');
  const stopping = inCommand(`await stopStack(${JSON.stringify(directory)}, { onProgress() {} });`);
  const record = (): string => readFileSync(join(directory, 'stack.json'), 'utf8');
  await eventually('the end to be on its way', () => record().includes('"isEnding": true'));
  stopping.kill('SIGKILL');
  await once(stopping, 'exit');
  process.kill(pid, 'SIGCONT');
  const { temporal } = (await startStack(options)).services;
  expect(temporal).toMatchObject({ alive: true });
  expect(temporal!.pid).not.toBe(pid);
});

test('after kill -9 of the command in the middle of a start, the next one makes it whole', async () => {
  await startInCommand(['temporal', 'postgres', 'minio'], 1);
  const state = await startStack(testStackOptions(directory, ['temporal', 'postgres', 'minio']));
  const alive = Object.values(state.services).map((service) => service.alive);
  expect(alive).toEqual([true, true, true]);
  await stopStack(directory, { onProgress: () => undefined });
  expect(markedProcesses(directory)).toEqual([]);
});
