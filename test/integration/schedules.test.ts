/** Several schedules side by side, as people keep them: what each imports, how it went, and the batches they start. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
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
  // Monday to Wednesday.
  const days = ['--from', '2026-11-16', '--to', '2026-11-19'];
  await says('schedule', 'backfill', ...FINANCE, ...days);
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
