/** A worker that cannot start says why, ends, and gives the exit code of the reason. */
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, inject, onTestFinished, test } from 'vitest';
import { migrate } from '../../src/catalog/index.js';
import { temporaryFolder } from '../helpers/kaggle-for-test.js';
import { createTestDatabase } from '../helpers/test-database.js';
import { webhook } from '../helpers/webhook.js';

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

test('a configuration that is broken: people are told, once, however often it is started', async () => {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  await migrate(database.url);
  const slack = await webhook();
  const KAGGLE_IMPORT_CONFIG = join(await temporaryFolder(), 'datasets.yaml');
  await writeFile(KAGGLE_IMPORT_CONFIG, 'datasets:\n  iris: {kaggle_reff: owner/iris}\n');
  const environment = {
    ...{ KAGGLE_IMPORT_CONFIG, DATABASE_URL: database.url, SLACK_WEBHOOK_URL: slack.url },
  };
  for (let start = 1; start <= 2; start += 1) {
    const { exitCode, stderr } = await startWith(environment);
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/^CONFIG_INVALID/)]);
  }
  expect(slack.messages).toMatchObject([
    { text: expect.stringMatching(/^A worker cannot start.*\n[^]*kaggle_reff/) },
  ]);
});
