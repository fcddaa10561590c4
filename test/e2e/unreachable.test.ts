/** Services, credentials and references that do not work: code, next step, exit code, at once and by every verb. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SAMPLE_ACCOUNT } from '../../src/stack/kaggle-server/index.js';
import { commandRunner, type CommandResult } from '../helpers/command.js';
import { eventually } from '../helpers/eventually.js';
import { ImportSite } from '../helpers/import-site.js';
import { startSilentServer, type SilentServer } from '../helpers/silent-server.js';

const NOBODY = '127.0.0.1:9';
const NO_DATABASE = `postgresql://me:x@${NOBODY}/x`;
let site: ImportSite;
let silent: SilentServer;

beforeAll(async () => {
  silent = await startSilentServer();
  site = await ImportSite.open({ datasets: { iris: { 'iris.csv': 'a\n1\n' } } });
  writeFileSync(
    join(site.folder, 'datasets.yaml'),
    'datasets:\n  iris: {kaggle_ref: owner/iris}\n  ghost: {kaggle_ref: owner/ghost}\n',
  );
});
afterAll(async () => {
  await site.close();
  await silent.close();
});

function run(args: string, changes: Record<string, string> = {}): Promise<CommandResult> {
  return commandRunner({ ...site.environment('command'), ...changes }).run(args.split(' '));
}

function expectMessage({ stderr, exitCode }: CommandResult, code: string, exit: number): void {
  expect(stderr).toContain(`${code}: `);
  expect(stderr.match(/Next step:/g)).toHaveLength(1);
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(exitCode).toBe(exit);
}

// Side by side: most of them wait until a service is given up. No worker runs yet.
test.concurrent.each([
  'import iris',
  'import --all',
  'status',
  'schedule show',
  'import iris --cancel',
])('no Temporal: %s', async (args) => {
  expectMessage(await run(args, { TEMPORAL_ADDRESS: NOBODY }), 'TEMPORAL_UNREACHABLE', 3);
});

test.concurrent('a namespace that does not exist', async () => {
  const result = await run('status', { TEMPORAL_NAMESPACE: 'nowhere' });
  expectMessage(result, 'TEMPORAL_NAMESPACE_MISSING', 3);
});

test.concurrent('no worker: an import says so instead of waiting for ever', async () => {
  expectMessage(await run('import iris'), 'WORKER_MISSING', 3);
});

test.concurrent.each(['plan', 'status', 'up'])('no database: %s', async (args) => {
  const result = await run(args, { DATABASE_URL: `postgresql://me:hunter2@${NOBODY}/x` });
  expectMessage(result, 'DATABASE_UNREACHABLE', 3);
  expect(result.stderr).not.toContain('hunter2');
});

test.concurrent('list shows the configuration although the catalog is away', async () => {
  const result = await run('list', { DATABASE_URL: `postgresql://me:x@${NOBODY}/x` });
  expect(result.stdout).toContain('owner/iris');
  expect(result.stderr).toContain('catalog does not answer');
  expect(result.exitCode).toBe(0);
});

test.concurrent(
  'services that take the connection and say nothing are given up in seconds',
  async () => {
    const { address } = silent;
    const result = await run('services', {
      TEMPORAL_ADDRESS: address,
      DATABASE_URL: `postgresql://me:x@${address}/x`,
      MINIO_ENDPOINT: address,
      KAGGLE_API_BASE: `http://${address}/api`,
    });
    expectMessage(result, 'SERVICES_UNREACHABLE', 3);
    expect(result.stdout.match(/NOT REACHED/g)).toHaveLength(4);
  },
);

test.concurrent('a store that refuses us is named by services', async () => {
  const result = await run('services', { MINIO_SECRET_KEY: 'wrong-wrong-wrong' });
  expectMessage(result, 'SERVICES_UNREACHABLE', 3);
  expect(result.stdout).toContain('STORE_FORBIDDEN');
  expect(result.stdout).toMatch(/Temporal .*, no worker: `make up`/);
});

test.concurrent('wrong credentials: refused by name, not shown', async () => {
  const result = await run('auth', { KAGGLE_API_TOKEN: 'hunter-two' });
  expectMessage(result, 'CREDENTIALS_REJECTED', 2);
  expect(result.stderr).toContain('KAGGLE_API_TOKEN');
  expect(result.stderr).not.toContain('hunter-two');
});

test.concurrent('a kaggle.json that others can read is used, with a warning', async () => {
  const KAGGLE_CONFIG_DIR = join(site.folder, 'open-kaggle');
  mkdirSync(KAGGLE_CONFIG_DIR);
  const file = join(KAGGLE_CONFIG_DIR, 'kaggle.json');
  const { username, key } = SAMPLE_ACCOUNT;
  writeFileSync(file, JSON.stringify({ username, key }));
  chmodSync(file, 0o644);
  const result = await run('auth', { KAGGLE_CONFIG_DIR, KAGGLE_API_TOKEN: '' });
  expect(result.exitCode).toBe(0);
  expect(result.stdout).toContain(username);
  expect(result.stderr).toContain(`chmod 600 ${file}`);
});

test('a reference that does not exist: the plan says so, and its import fails beside one that succeeds', async () => {
  expect((await run('plan ghost')).stdout).toMatch(/ghost +fail .*SOURCE_NOT_FOUND/);
  await site.startWorker();
  const result = await run('import ghost');
  expectMessage(result, 'IMPORTS_FAILED', 1);
  expect(result.stdout).toMatch(/ghost: SOURCE_NOT_FOUND: .*owner\/ghost/);
  const seen = await site.query('SELECT outcome, error_code FROM imports');
  expect(seen).toEqual([{ outcome: 'failed', error_code: 'SOURCE_NOT_FOUND' }]);
  expect((await run('import iris')).exitCode).toBe(0);
});

/** What `status` and `status iris` know from each service, once iris has been imported. */
const TOLD = {
  temporal: /No import is running\./,
  next: /Next run: /,
  outcomes: /iris +published.* 1 /,
  history: /iris: version 1 is published since .*\n\nstarted .*\n-+\n20\d\d-.* published /,
};

test.concurrent.each([
  ['status', {}, undefined, ['temporal', 'outcomes', 'next']],
  ['status iris', {}, undefined, ['temporal', 'history']],
  ['status', { TEMPORAL_ADDRESS: NOBODY }, 'TEMPORAL_UNREACHABLE', ['outcomes']],
  ['status iris', { TEMPORAL_ADDRESS: NOBODY }, 'TEMPORAL_UNREACHABLE', ['history']],
  ['status', { DATABASE_URL: NO_DATABASE }, 'DATABASE_UNREACHABLE', ['temporal', 'next']],
  ['status iris', { DATABASE_URL: NO_DATABASE }, 'DATABASE_UNREACHABLE', ['temporal']],
  ['status', { MINIO_ENDPOINT: NOBODY }, undefined, ['temporal', 'outcomes', 'next']],
  ['status iris', { MINIO_ENDPOINT: NOBODY }, undefined, ['temporal', 'history']],
] as const)('%s with %o: what is known, then what is away', async (args, changes, code, known) => {
  const result = await run(args, changes);
  const told = Object.entries(TOLD).filter(([, words]) => words.test(result.stdout));
  expect(told.map(([name]) => name).sort()).toEqual([...known].sort());
  if (code) return expectMessage(result, code, 3);
  expect(result.exitCode).toBe(0);
  expect(result.stderr.includes('STORE_UNREACHABLE')).toBe('MINIO_ENDPOINT' in changes);
});

test('status does not wait for a store that says nothing, and says that it left undone', async () => {
  const { stdout, stderr, exitCode } = await run('status', { MINIO_ENDPOINT: silent.address });
  expect(stdout).toMatch(TOLD.outcomes);
  expect(stderr).toContain('could not be tidied up: STORE_UNREACHABLE: ');
  expect(stderr).toContain('no answer in 5000 ms');
  expect(exitCode).toBe(0);
});

test('a terminated import is no running one, also while the store is away', async () => {
  await site.kaggle.publishVersion('owner/iris', { 'iris.csv': 'a\n2\n' });
  site.kaggle.faults.add({ kind: 'hang' });
  const handle = await site.start('iris');
  await eventually('the download', async () =>
    (await site.pendingActivities('iris')).includes('downloadToCache'),
  );
  const { runId } = await handle.describe();
  await handle.terminate('by a test');
  for (const args of ['status', 'status iris']) {
    const { stdout } = await run(args, { MINIO_ENDPOINT: NOBODY });
    expect(stdout, args).toContain('terminated');
    expect(stdout, args).not.toMatch(/ running /);
  }
  const open = `SELECT outcome FROM imports WHERE run_id = '${runId}'`;
  expect(await site.query(open)).toEqual([{ outcome: 'running' }]);
  expect((await run('status')).stdout).toContain('terminated');
  expect(await site.query(open)).toEqual([{ outcome: 'terminated' }]);
});

test('a stack trace only with --debug', async () => {
  const result = await run('--debug status', { TEMPORAL_ADDRESS: NOBODY });
  expect(result.stderr).toMatch(/\n\s+at /);
  expect(result.exitCode).toBe(3);
});
