/** Whole batches on real servers: what starts a workflow, what is told, and what the catalog has at the end. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import {
  IMPORT_ALL_WORKFLOW_ID,
  TASK_QUEUES,
  type ImportAllInput,
  type ImportAllResult,
} from '../../src/contract.js';
import type { importAll } from '../../src/workflows/index.js';
import { commandRunner } from '../helpers/command.js';
import { eventually } from '../helpers/eventually.js';
import { ImportSite } from '../helpers/import-site.js';
import { webhook } from '../helpers/webhook.js';

let site: ImportSite;
afterEach(() => site.close());

const start = (input: ImportAllInput = {}) =>
  site.namespace.client.workflow.start<typeof importAll>('importAll', {
    ...{ taskQueue: TASK_QUEUES.control, workflowId: IMPORT_ALL_WORKFLOW_ID },
    args: [input],
  });

/** Gives the result, or what a failed batch has in its place. */
async function night(input: ImportAllInput = {}): Promise<ImportAllResult> {
  const handle = await start(input);
  return handle.result().catch((error: { cause: { details: unknown[] } }) => {
    return error.cause.details[1] as ImportAllResult;
  });
}

async function workflows(): Promise<number> {
  const query = `WorkflowType = 'importDataset'`;
  return (await site.namespace.client.workflow.count(query)).count;
}

const texts = (messages: readonly unknown[]): string[] =>
  messages.map((message) => (message as { text: string }).text);

function changeConfig(change: (config: { datasets: Record<string, object> }) => void): void {
  const file = join(site.folder, 'datasets.yaml');
  const config = parse(readFileSync(file, 'utf8')) as { datasets: Record<string, object> };
  change(config);
  writeFileSync(file, stringify(config));
}

test('a night in which one fails is told in one message; the next one starts a workflow for that one only', async () => {
  const slack = await webhook();
  site = await ImportSite.open({
    datasets: {
      one: { 'a.csv': 'x\n1\n' },
      broken: { 'b.csv': 'a,b\n1,2\n3,4,5\n' },
      two: { 'a.csv': 'x\n2\n' },
    },
  });
  await site.startWorker('one', { SLACK_WEBHOOK_URL: slack.url });
  const first = await night();
  expect(first).toMatchObject({ total: 3, counts: { published: 2, failed: 1 } });
  expect(texts(slack.messages)).toEqual([
    expect.stringMatching(
      /finished, 1 failed\.\n3 datasets: 2 published, 1 failed\.\nbroken failed: TOO_MANY_REJECTS/,
    ),
  ]);

  await eventually('the list of workflows', async () => (await workflows()) === 3);
  const second = await night();
  expect(second.counts).toEqual({ 'up-to-date': 2, failed: 1 });
  await eventually('one more workflow', async () => (await workflows()) === 4);

  changeConfig(({ datasets }) => {
    datasets['broken'] = { ...datasets['broken'], checks: { max_rejects: 1 } };
  });
  expect((await night()).counts).toEqual({ 'up-to-date': 2, published: 1 });
  expect(texts(slack.messages).at(-1)).toMatch(
    /3 datasets: 1 published, 2 unchanged\.\nRecovered: 1 that had failed before\.$/,
  );
  expect(slack.messages).toHaveLength(3);

  const { run } = commandRunner(site.environment('command'));
  const status = await run(['--json', 'status']);
  expect(JSON.parse(status.stdout)).toMatchObject({
    lastBatch: { outcome: 'finished', counts: { published: 1, 'up-to-date': 2 } },
    workers: [{ configDigest: expect.stringMatching(/^[0-9a-f]{64}$/) }],
  });
  expect((await run(['status'])).stdout).toMatch(
    /Last batch: finished .*1 published, 2 up-to-date\./,
  );
  const all = await run(['--json', 'import', '--all']);
  expect(all.exitCode).toBe(0);
  expect(JSON.parse(all.stdout)).toMatchObject({
    imports: [
      { dataset: 'one', outcome: 'up-to-date', tables: 1, rows: 1 },
      { dataset: 'broken', outcome: 'up-to-date' },
      { dataset: 'two', outcome: 'up-to-date' },
    ],
  });
});

test('a revoked key fails what needs it, as a whole where that is all; the night after is told as recovered', async () => {
  const slack = await webhook();
  site = await ImportSite.open({ datasets: { kaggle: { 'a.csv': 'x\n1\n' } } });
  const local = join(site.folder, 'local');
  mkdirSync(local);
  writeFileSync(join(local, 'a.csv'), 'x\n1\n');
  changeConfig(({ datasets }) => {
    datasets['local'] = { source: { path: local } };
  });
  const revoked = { SLACK_WEBHOOK_URL: slack.url, KAGGLE_API_TOKEN: 'KGAT_revoked' };
  const worker = await site.startWorker('one', revoked);
  expect((await night()).counts).toEqual({ failed: 1, published: 1 });
  expect(texts(slack.messages)[0]).toMatch(/kaggle failed: CREDENTIALS_REJECTED/);

  const failed = await start({ only: ['kaggle'] });
  await expect(failed.result()).rejects.toMatchObject({ cause: { type: 'CREDENTIALS_REJECTED' } });
  expect(texts(slack.messages)[1]).toMatch(/failed as a whole\.\nCREDENTIALS_REJECTED: /);
  const unknown = await start({ only: ['kagle'] });
  await expect(unknown.result()).rejects.toMatchObject({ cause: { type: 'DATASET_UNKNOWN' } });
  expect(texts(slack.messages)[2]).toMatch(/failed as a whole\.\nDATASET_UNKNOWN: /);

  await worker.stop();
  await site.startWorker('one', { SLACK_WEBHOOK_URL: slack.url });
  expect((await night()).counts).toEqual({ published: 1, 'up-to-date': 1 });
  expect(texts(slack.messages)[3]).toMatch(/after one that had failed\..*Recovered: 1 that/s);
  const rows = await site.query('SELECT outcome, error_code FROM batches ORDER BY started_at');
  expect(rows).toEqual([
    { outcome: 'finished', error_code: null },
    { outcome: 'failed', error_code: 'CREDENTIALS_REJECTED' },
    { outcome: 'failed', error_code: 'DATASET_UNKNOWN' },
    { outcome: 'finished', error_code: null },
  ]);
});

test('a terminated batch is recorded and told by the next worker, and its imports go on', async () => {
  const slack = await webhook();
  site = await ImportSite.open({ datasets: { held: { 'a.csv': 'x\n1\n' } } });
  await site.startWorker();
  const stored = site.gate.hold(/^PUT .*\/held\/.*\.parquet/);
  const handle = await start();
  await stored;
  await handle.terminate('by a test');
  site.gate.open();
  const child = site.namespace.client.workflow.getHandle('import:held');
  expect(await child.result()).toMatchObject({ outcome: 'published' });
  await site.startWorker('two', { SLACK_WEBHOOK_URL: slack.url });
  await eventually('the message', () => slack.messages.length === 1);
  expect(texts(slack.messages)[0]).toMatch(/UTC terminated\.\n1 datasets: 1 published\.$/);
  const rows = await site.query('SELECT outcome FROM batches');
  expect(rows).toEqual([{ outcome: 'terminated' }]);
});

test('a changed configuration that not all workers have yet publishes nothing; all of them have it, and it does', async () => {
  site = await ImportSite.open({ datasets: { shared: { 'a.csv': 'x\n1\n' } } });
  await site.startWorker();
  expect((await night()).counts).toEqual({ published: 1 });
  const other = join(site.folder, 'other.yaml');
  writeFileSync(other, readFileSync(join(site.folder, 'datasets.yaml')));
  await site.startWorker('two', { KAGGLE_IMPORT_CONFIG: other });
  await eventually(
    'both workers',
    async () => (await site.query('SELECT FROM workers')).length === 2,
  );
  const pinned = { columns: { x: 'VARCHAR' } };
  changeConfig(({ datasets }) => {
    datasets['shared'] = { ...datasets['shared'], ...pinned };
  });
  await eventually('the difference', async () => {
    const rows = await site.query('SELECT DISTINCT config_digest FROM workers');
    return rows.length === 2;
  });
  const logs = (): string =>
    ['one', 'two']
      .map((host) => readFileSync(join(site.folder, host, 'worker.log'), 'utf8'))
      .join('');
  await batchUntil('the refusal', () => logs().includes('CONFIG_DIFFERS'));
  const { run } = commandRunner(site.environment('command'));
  expect((await run(['status'])).stdout).toMatch(/Workers go by different configuration files: /);
  const versions = () => site.query('SELECT FROM dataset_versions');
  expect(await versions()).toHaveLength(1);
  writeFileSync(other, readFileSync(join(site.folder, 'datasets.yaml')));
  await batchUntil('the publication', async () => (await versions()).length === 2);
});

/** Batches one after another: one whose worker has the old file finds nothing to do, and ends. */
async function batchUntil(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const batch = site.namespace.client.workflow.getHandle(IMPORT_ALL_WORKFLOW_ID);
  await eventually(what, async () => {
    if (await isSo()) return true;
    if ((await batch.describe()).status.name !== 'RUNNING') await start();
    return false;
  });
}
