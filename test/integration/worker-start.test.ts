/** A worker that cannot start says why, ends, and gives the exit code of the reason. */
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, inject, test } from 'vitest';
import { temporaryFolder } from '../helpers/kaggle-for-test.js';

const worker = join(import.meta.dirname, '..', '..', 'dist', 'worker.js');

async function startWith(environment: Record<string, string>) {
  const folder = await temporaryFolder();
  const { exitCode, stderr } = await execa(process.execPath, [worker], {
    env: {
      PATH: process.env['PATH'],
      ...inject('stack'),
      ...{ LOG_FILE: join(folder, 'worker.log'), CACHE_DIR: join(folder, 'cache') },
      ...{ WORK_DIR: join(folder, 'work'), STACK_DIR: join(folder, 'no-stack') },
      ...environment,
    },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
  });
  return { exitCode, stderr };
}

test('a metrics port that is taken', async () => {
  const other = createServer().listen(0, '0.0.0.0');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const { exitCode, stderr } = await startWith({ METRICS_PORT: String(port) });
  other.close();
  expect(stderr).toMatch(/ENVIRONMENT_INVALID: .*METRICS_PORT/);
  expect(exitCode).toBe(2);
});

test('a database that does not come up in a minute', async () => {
  const DATABASE_URL = 'postgresql://me:hunter2@127.0.0.1:9/x';
  const { exitCode, stderr } = await startWith({ DATABASE_URL });
  expect(stderr).toContain('DATABASE_UNREACHABLE: ');
  expect(stderr).not.toContain('hunter2');
  expect(exitCode).toBe(3);
});
