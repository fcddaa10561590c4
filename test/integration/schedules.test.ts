/** Several schedules side by side, as people keep them: what each imports, how it went, and the batches they start. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { TASK_QUEUES } from '../../src/contract.js';
import { commandRunner, type CommandRunner } from '../helpers/command.js';
import { eventually } from '../helpers/eventually.js';
import { ImportSite } from '../helpers/import-site.js';

interface Shown {
  readonly schedule: string;
  readonly paused: boolean;
  readonly nextRuns: string[];
  readonly lastRuns: { outcome: string; workflowId: string; counts?: Record<string, number> }[];
}

let site: ImportSite;
let command: CommandRunner;

beforeAll(async () => {
  site = await ImportSite.open({
    datasets: {
      iris: { 'iris.csv': 'a,b\n1,x\n' },
      prices: { 'prices.csv': 'day,price\n2026-01-01,5\n' },
    },
  });
  const file = join(site.folder, 'datasets.yaml');
  const config = parse(readFileSync(file, 'utf8')) as { datasets: Record<string, object> };
  config.datasets['prices'] = { ...config.datasets['prices'], domain: 'finance' };
  writeFileSync(file, stringify(config));
  await site.startWorker();
  command = commandRunner(site.environment('command'));
});
afterAll(() => site.close());

/** Gives what is said; with `--json` among `args` that too. */
async function says(...args: string[]): Promise<string> {
  const { stdout, stderr, exitCode } = await command.run(args);
  expect(exitCode, stdout + stderr).toBe(0);
  return stdout;
}

async function shown(...args: string[]): Promise<Shown> {
  return JSON.parse(await says('schedule', 'show', '--json', ...args)) as Shown;
}

const FINANCE = ['--name', 'finance'];

test('a schedule of one domain imports that domain; its last runs and next times are shown', async () => {
  const refused = [
    ['USAGE', ['--domain', 'finance']],
    ['USAGE', ['--name', 'gc', '--domain', 'finance']],
    ['USAGE', ['--name', 'gc', '--what', 'import']],
    ['USAGE', ['--name', 'Finance!']],
    ['USAGE', [...FINANCE, '--jitter', 'a while']],
    ['USAGE', [...FINANCE, '--jitter', '-5m']],
    ['USAGE', [...FINANCE, '--cron', '0 2 31 2 *']],
    ['USAGE', [...FINANCE, '--only', '']],
    ['USAGE', [...FINANCE, '--domain', ',']],
    ['DOMAIN_UNKNOWN', [...FINANCE, '--domain', 'finanze']],
    ['DATASET_UNKNOWN', [...FINANCE, '--only', 'iris,price']],
  ] as const;
  await Promise.all(
    refused.map(async ([code, args]) => {
      const { exitCode, stderr } = await command.run(['schedule', 'create', ...args]);
      expect([exitCode, stderr.split(':')[0]], args.join(' ')).toEqual([2, code]);
    }),
  );
  const when = ['--cron', '30 3 * * 1-5', '--timezone', 'Europe/Paris', '--jitter', '5 minutes'];
  await says('schedule', 'create', ...FINANCE, '--domain', 'finance', ...when);
  await says('schedule', 'create');
  const never = await command.run(['schedule', 'create', ...FINANCE, '--cron', '0 2 30 2 *']);
  expect([never.exitCode, never.stderr]).toEqual([2, expect.stringContaining('0 2 30 2 *')]);
  const { nextRuns, lastRuns } = await shown(...FINANCE);
  expect([nextRuns.length, lastRuns]).toEqual([5, []]);
  for (const time of nextRuns) {
    const there = new Date(time).toLocaleString('en-GB', { timeZone: 'Europe/Paris' });
    expect(there).toMatch(/, 03:3[0-5]:/);
    expect([1, 2, 3, 4, 5]).toContain(new Date(time).getUTCDay());
  }
  await says('schedule', 'trigger', ...FINANCE);
  await eventually('the batch', async () => {
    const [last] = (await shown(...FINANCE)).lastRuns;
    return last !== undefined && last.outcome !== 'running';
  });
  expect((await shown(...FINANCE)).lastRuns).toMatchObject([
    { outcome: 'finished', counts: { published: 1 } },
  ]);
  expect(await site.query('SELECT dataset_name FROM imports')).toEqual([
    { dataset_name: 'prices' },
  ]);
  const text = await says('schedule', 'show', ...FINANCE);
  expect(text).toMatch(/imports +domain finance\n( +next run .* UTC +\(.* 03:3.* there\)\n){5}/);
  expect(text).toMatch(/last run +.* UTC +finished: 1 published$/);

  expect(await says('schedule', 'pause', ...FINANCE, '--note', 'quarter end')).toContain('quarter');
  expect(await shown(...FINANCE)).toMatchObject({ paused: true, note: 'quarter end' });
  const list = await says('schedule', 'list');
  expect(list).toMatch(/daily +import +all datasets +active/);
  expect(list).toMatch(/finance +import +domain finance +paused +- .*finished: 1 published/);
  await says('schedule', 'resume', ...FINANCE);
});

test('a backfill runs each of the times, one after another', async () => {
  const bad = await command.run(['schedule', 'backfill', ...FINANCE, '--from', 'monday']);
  expect([bad.exitCode, bad.stderr]).toEqual([2, expect.stringContaining('--from and --to')]);
  const spans = [
    ['2016-01-01', '2020-01-01'],
    ['2026-11-16', '2999-01-01'],
  ] as const;
  for (const [from, to] of spans) {
    const args = ['schedule', 'backfill', ...FINANCE, '--from', from, '--to', to];
    expect(await command.run(args), to).toMatchObject({
      ...{ exitCode: 2, stderr: expect.stringMatching(/^USAGE.*(1,000 or more|is past)/) },
    });
  }
  const weekend = ['--from', '2026-11-14', '--to', '2026-11-15T23:00Z'];
  const none = await says('schedule', 'backfill', ...FINANCE, ...weekend);
  expect(none).toContain('no time between the two');
  // Monday to Wednesday.
  const days = ['--from', '2026-11-16', '--to', '2026-11-19'];
  const asked = await says('schedule', 'backfill', ...FINANCE, ...days);
  expect(asked).toContain('make up for 3 times');
  await eventually('three more batches', async () => {
    const { lastRuns } = await shown(...FINANCE);
    return lastRuns.length === 4 && lastRuns.every(({ outcome }) => outcome === 'finished');
  });
  const counts = (await shown(...FINANCE)).lastRuns.map((run) => run.counts);
  expect(counts).toEqual([
    ...[{ 'up-to-date': 1 }, { 'up-to-date': 1 }, { 'up-to-date': 1 }],
    { published: 1 },
  ]);
});

test('scheduled batches are seen, joined and cancelled by whoever started them', async () => {
  await site.kaggle.publishVersion('owner/prices', { 'prices.csv': 'day,price\n2026-01-02,6\n' });
  const held = site.gate.hold(/^PUT .*\.parquet/);
  await says('schedule', 'trigger', ...FINANCE);
  await held;
  // The night of everything comes while the other one is on its way.
  await says('schedule', 'trigger');
  interface Running {
    readonly batches: { workflowId: string; schedule?: string; running?: string[] }[];
  }
  const running = async (): Promise<Running['batches']> =>
    (JSON.parse(await says('status', '--json')) as Running).batches;
  await eventually('both batches', async () => {
    const at = (await running()).map((batch) => [batch.schedule, batch.running?.join()]).sort();
    return at.join(';') === 'kaggle-import-daily,iris;kaggle-import-finance,prices';
  });
  const status = await says('status');
  expect(status).toMatch(/Batch import-all-\d\S*Z \(schedule kaggle-import-daily\): 1 of 2/);
  expect(status).toMatch(/Batch import-all-finance-\S+ \(schedule kaggle-import-finance\): 0 of 1/);

  const following = command.start(['import', '--all']);
  await eventually('the joining', () => /Following import-all-\d/.test(following.said()));
  expect((await running()).length).toBe(2);
  const cancelled = JSON.parse(await says('import', '--all', '--cancel', '--json')) as object;
  expect(cancelled).toMatchObject({ cancelled: true });
  site.gate.open();
  expect(await following.ended).toMatchObject({ stderr: expect.stringContaining('CANCELLED') });
  await eventually('the ends', async () => (await running()).length === 0);
  expect((await shown(...FINANCE)).lastRuns[0]).toMatchObject({ outcome: 'cancelled' });
  expect((await shown()).lastRuns[0]).toMatchObject({ outcome: 'cancelled' });
  expect(await says('import', '--all', '--cancel')).toContain('No import of all datasets');
});

test('an import that was left by its batch is cancelled with all', async () => {
  await site.kaggle.publishVersion('owner/prices', { 'prices.csv': 'day,price\n2026-01-03,7\n' });
  const held = site.gate.hold(/^PUT .*\.parquet/);
  await says('schedule', 'trigger', ...FINANCE);
  await held;
  const { client } = site.namespace;
  const [batch] = (await shown(...FINANCE)).lastRuns;
  const twice = await says('schedule', 'trigger', ...FINANCE);
  expect(twice).toContain(`Not triggered: ${batch!.workflowId} still runs`);
  // What only lists know is known after a moment: nobody else tells of an import whose batch has ended.
  const { runId } = await client.workflow.getHandle('import:prices').describe();
  await eventually('the import on the list', async () => {
    const query = `RunId = '${runId}' AND ExecutionStatus = 'Running'`;
    return (await client.workflow.count(query)).count === 1;
  });
  await client.workflow.getHandle(batch!.workflowId).terminate('by a person');
  const all = JSON.parse(await says('import', '--all', '--cancel', '--json')) as object;
  expect(all).toMatchObject({ workflowIds: ['import:prices'] });
  const handle = client.workflow.getHandle('import:prices');
  await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
  site.gate.open();
});

test('schedules that others have made are shown and changed by their id, whatever they are given', async () => {
  const { schedule } = site.namespace.client;
  const give = (scheduleId: string, workflowType: string, timezone: string, ...args: unknown[]) =>
    schedule.create({
      ...{ scheduleId, spec: { cronExpressions: ['0 4 * * *'], timezone } },
      action: {
        ...{ type: 'startWorkflow', workflowType, workflowId: `of ${scheduleId}` },
        ...{ taskQueue: TASK_QUEUES.control, args },
      },
    });
  await give('Theirs', 'importAll', 'Local', { only: ['iris'] });
  await give('Misspelt', 'importAll', 'UTC', { only: 'iris' });
  await give('Of nothing', 'importAll', 'UTC', null);
  await give('Without input', 'importAll', 'UTC');
  await give('Of one', 'importDataset', 'UTC', { dataset: 'iris' });
  const list = await says('schedule', 'list');
  expect(list).toMatch(/Of one +import +iris +active/);
  expect(await says('status')).toContain('(schedule Of one)');
  expect(list).toMatch(/Theirs +import +iris +active/);
  expect(list).toMatch(/Misspelt +import +nothing: no batch takes \{"only":"iris"\} +active/);
  expect(list).toMatch(/Of nothing +import +nothing: no batch takes null +active/);
  expect(list).toMatch(/Without input +import +all datasets +active/);
  expect(await says('schedule', 'show', '--name', 'Theirs')).toMatch(/Theirs: active.*\n.*iris\n/);
  await says('schedule', 'pause', '--name', 'Theirs');
  expect((await schedule.getHandle('Theirs').describe()).state.paused).toBe(true);
  await says('schedule', 'resume', '--name', 'kaggle-import-finance');

  // Two times of the night, in one schedule; and its kind is not changed by a slip.
  const twice = ['--cron', '0 1 * * *', '--cron', '0 5 * * *', '--jitter', '0'];
  await says('schedule', 'create', '--what', 'gc', '--name', 'tidy', ...twice);
  const hours = (await shown('--name', 'tidy')).nextRuns.map((time) =>
    new Date(time).getUTCHours(),
  );
  expect([...new Set(hours)].sort()).toEqual([1, 5]);
  const changed = await command.run(['schedule', 'create', '--name', 'tidy', '--only', 'iris']);
  expect([changed.exitCode, changed.stderr]).toEqual([2, expect.stringContaining('--what gc')]);
  await says('schedule', 'pause', '--name', 'tidy');
  expect(await says('schedule', 'list')).toMatch(/tidy +gc +- +paused/);
});

test('a scheduled check that finds something altered shows with which code it ended', async () => {
  const [object] = (await site.objects()).filter((key) => key.endsWith('.parquet'));
  await site.shortenObject(object!);
  const nightly = ['--name', 'nightly-check'];
  await says('schedule', 'create', '--what', 'verify', ...nightly);
  await says('schedule', 'trigger', ...nightly);
  await eventually('its end', async () => {
    const [last] = (await shown(...nightly)).lastRuns;
    return last !== undefined && last.outcome !== 'running';
  });
  expect((await shown(...nightly)).lastRuns).toMatchObject([
    { outcome: 'failed', errorCode: 'VERIFY_FAILED' },
  ]);
  expect(await says('schedule', 'show', ...nightly)).toContain('failed with VERIFY_FAILED');
});
