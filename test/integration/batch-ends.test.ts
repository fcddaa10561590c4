/** Every end of a batch is recorded and told once: by hand, by time, and with the catalog away. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { IMPORT_ALL_WORKFLOW_ID, TASK_QUEUES } from '../../src/contract.js';
import { batchEndOf } from '../../src/temporal/batch-ends.js';
import type { importAll } from '../../src/workflows/index.js';
import { eventually } from '../helpers/eventually.js';
import { fasterBy } from '../helpers/faster/index.js';
import { startForwarder } from '../helpers/forwarder.js';
import { ImportSite } from '../helpers/import-site.js';
import { temporal } from '../helpers/temporal-cli.js';
import { webhook } from '../helpers/webhook.js';

let site: ImportSite;
afterEach(() => site.close());

/** An hour of patience is some seconds. */
const folder = mkdtempSync(join(tmpdir(), 'kaggle-import-ends-'));
let faster: Record<string, string>;
beforeAll(async () => {
  faster = await fasterBy(1_000, folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const start = (options: object = {}) =>
  site.namespace.client.workflow.start<typeof importAll>('importAll', {
    ...{ taskQueue: TASK_QUEUES.control, workflowId: IMPORT_ALL_WORKFLOW_ID, args: [{}] },
    ...options,
  });

const firstLines = (messages: readonly unknown[]): string[] =>
  messages.map((message) => (message as { text: string }).text.split('\n').slice(0, 2).join(' '));

const batches = () => site.query('SELECT outcome, error_code FROM batches ORDER BY started_at');

/** What a worker asks when it tidies up. */
const ended = (count: number) =>
  eventually('the ends that Temporal lists', async () => {
    const query = `WorkflowType = 'importAll' AND ExecutionStatus != 'Running'`;
    return (await site.namespace.client.workflow.count(query)).count === count;
  });

test('cancelled by hand, and run out of time: each is recorded and told once', async () => {
  const slack = await webhook();
  const urls = { SLACK_WEBHOOK_URL: slack.url };
  // What is cancelled while it is stored may be there all the same: the next one has a dataset of its own.
  site = await ImportSite.open({
    datasets: { held: { 'a.csv': 'x\n1\n' }, late: { 'a.csv': 'x\n2\n' } },
  });
  await site.startWorker('one', urls);
  const stored = site.gate.hold(/^PUT .*\/held\/.*\.parquet/);
  const cancelled = await start({ args: [{ only: ['held'] }] });
  await stored;
  await cancelled.cancel();
  site.gate.open();
  await expect(cancelled.result()).rejects.toThrow();
  expect(firstLines(slack.messages)).toEqual([
    expect.stringMatching(/UTC cancelled\. CANCELLED: /),
  ]);

  // However far it gets: it does not end before its time is over.
  void site.gate.hold(/^PUT .*\/late\/.*\.parquet/);
  const late = await start({ args: [{ only: ['late'] }], workflowExecutionTimeout: '10 seconds' });
  await expect(late.result()).rejects.toThrow();
  site.gate.open();
  await ended(2);
  // Those that know no receiver lose nothing for the others.
  for (const host of ['two', 'three']) await site.startWorker(host);
  await eventually('the message', () => slack.messages.length === 2);
  expect(firstLines(slack.messages)[1]).toMatch(/UTC timed-out\./);
  expect(await batches()).toMatchObject([{ outcome: 'cancelled' }, { outcome: 'timed-out' }]);
});

test('without the catalog from its beginning to its end, a batch is told at once, and recorded when it is back', async () => {
  const slack = await webhook();
  site = await ImportSite.open({ datasets: { one: { 'a.csv': 'x\n1\n' } } });
  const address = site.environment()['DATABASE_URL']!;
  const { host } = new URL(address);
  const way = await startForwarder(host);
  const settings = {
    ...{ ...faster, SLACK_WEBHOOK_URL: slack.url },
    DATABASE_URL: address.replace(host, way.address),
  };
  const worker = await site.startWorker('one', settings);
  way.refuse();
  const batch = await start();
  await expect(batch.result()).rejects.toMatchObject({ cause: { type: 'DATABASE_UNREACHABLE' } });
  expect(firstLines(slack.messages)).toEqual([
    expect.stringMatching(/UTC failed as a whole\. DATABASE_UNREACHABLE: /),
  ]);
  expect(await batches()).toEqual([]);
  await way.accept();
  await worker.stop();
  await ended(1);
  await site.startWorker('one', settings);
  await eventually('the record', async () => (await batches()).length === 1);
  await eventually('that people know', async () => {
    const told = await site.query('SELECT FROM batches WHERE told_at IS NOT NULL');
    return told.length === 1;
  });
  expect(await batches()).toEqual([{ outcome: 'failed', error_code: 'DATABASE_UNREACHABLE' }]);
  // The next night is told, and nothing else.
  await (await start()).result();
  expect(firstLines(slack.messages).slice(1)).toEqual([
    expect.stringMatching(/finished, after one that had failed\./),
  ]);
  way.refuse();
});

test('a batch that failed as a whole and is reset by a person ends anew, and people are told', async () => {
  const slack = await webhook();
  site = await ImportSite.open({ datasets: { late: { 'a.csv': 'x\n1\n' } } });
  const file = join(site.folder, 'datasets.yaml');
  const complete = readFileSync(file, 'utf8');
  writeFileSync(file, complete.replaceAll('late', 'other'));
  await site.startWorker('one', { SLACK_WEBHOOK_URL: slack.url });
  const failed = await start({ args: [{ only: ['late'] }] });
  await expect(failed.result()).rejects.toThrow();
  expect(await batches()).toEqual([{ outcome: 'failed', error_code: 'DATASET_UNKNOWN' }]);

  writeFileSync(file, complete);
  const { client, name } = site.namespace;
  const reset = ['--type', 'FirstWorkflowTask', '--reason', 'the dataset is there now'];
  await temporal(name, ['workflow', 'reset', '--workflow-id', failed.workflowId, ...reset]);
  const again = client.workflow.getHandle<typeof importAll>(failed.workflowId);
  expect(await again.result()).toMatchObject({ counts: { published: 1 } });
  expect(await batches()).toEqual([{ outcome: 'finished', error_code: null }]);
  await eventually('the second message', () => slack.messages.length === 2);
  expect(firstLines(slack.messages)[1]).toContain('1 published');
});

test('a batch that is reset while it runs ends as its new run does', async () => {
  const slack = await webhook();
  site = await ImportSite.open({ datasets: { held: { 'a.csv': 'x\n1\n' } } });
  await site.startWorker('one', { SLACK_WEBHOOK_URL: slack.url });
  const stored = site.gate.hold(/^PUT .*\.parquet/);
  const { workflowId, firstExecutionRunId: batchId } = await start();
  await stored;
  const { client, name } = site.namespace;
  const reset = ['--type', 'FirstWorkflowTask', '--reason', 'by a person'];
  await temporal(name, ['workflow', 'reset', '--workflow-id', workflowId, ...reset]);
  expect((await client.workflow.getHandle(workflowId, batchId).describe()).status.name).toBe(
    'TERMINATED',
  );
  site.gate.open();
  await client.workflow.getHandle<typeof importAll>(workflowId).result();
  // What a worker asks when it tidies up.
  const batch = { workflowId, batchId, startedAt: new Date().toISOString() };
  expect(await batchEndOf(client, batch)).toMatchObject({ outcome: 'finished' });
  expect(await batches()).toEqual([{ outcome: 'finished', error_code: null }]);
  expect(slack.messages).toHaveLength(1);
});
