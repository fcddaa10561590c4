/** What a person sees: a plan that changes nothing, imports that are held up or were terminated, full disks. */
import { mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { entryKey, entryPaths } from '../../src/cache/layout.js';
import { datasetSchema } from '../../src/config/datasets.js';
import { RETRY_NOW_SIGNAL } from '../../src/contract.js';
import { findRuns } from '../../src/temporal/runs.js';
import { commandRunner, type CommandResult, type RunningCommand } from '../helpers/command.js';
import { MOMENTS, people } from '../helpers/import-moments.js';
import { eventually } from '../helpers/eventually.js';
import { ImportSite } from '../helpers/import-site.js';

let site: ImportSite;
let start: (args: string) => RunningCommand;
let run: (args: string) => Promise<CommandResult>;

beforeAll(async () => {
  site = await ImportSite.open({
    datasets: { small: { 'small.csv': 'a,b\n1,x\n' }, people: { 'people.csv': people(50_000) } },
  });
  await site.startWorker();
  const runner = commandRunner(site.environment('one'));
  start = (args) => runner.start(args.split(' '));
  run = (args) => start(args).ended;
});
afterAll(() => site.close());

/** Everything that an import would touch. */
async function everything(): Promise<unknown> {
  const tables = ['datasets', 'dataset_versions', 'dataset_files', 'file_columns', 'imports'];
  const rows = await Promise.all(tables.map((table) => site.query(`SELECT * FROM ${table}`)));
  const recorded = await site.query<{ run_id: string }>('SELECT run_id FROM imports');
  const workflows = new Set<string>();
  // Temporal's list lags behind a beginning.
  await eventually('the list of the imports', async () => {
    for await (const { runId } of site.namespace.client.workflow.list()) workflows.add(runId);
    return recorded.every(({ run_id: runId }) => workflows.has(runId));
  });
  const host = join(site.folder, 'one');
  const files = readdirSync(host, { recursive: true, encoding: 'utf8' });
  return { rows, objects: await site.objects(), workflows, files };
}

test('a plan says what would happen and why, and changes nothing', async () => {
  // The worker marks the bucket as its catalog's soon after it is ready.
  await eventually('the marker', async () => (await site.objects()).length === 1);
  const before = await everything();
  expect((await run('plan')).stdout).toMatch(/small +import +- +v1 .* never imported/);
  expect(await everything()).toEqual(before);

  expect((await run('import small')).exitCode).toBe(0);
  const imported = await everything();
  expect((await run('plan small')).stdout).toMatch(/small +nothing +v1 +v1 .* up to date/);
  await site.kaggle.publishVersion('owner/small', { 'small.csv': 'a,b\n2,y\n' });
  expect((await run('plan small')).stdout).toMatch(/small +import +v1 +v2 .* new version/);
  const json = JSON.parse((await run('--json plan small')).stdout) as { plans: unknown };
  expect(json.plans).toMatchObject([{ dataset: 'small', would: 'import', available: '2' }]);
  expect(await everything()).toEqual(imported);
});

test('a step that is repeated is told with its reason, and a terminated import for what it is', async () => {
  const held = MOMENTS.find(({ activity }) => activity === 'storeTable')!.reach(site);
  const handle = await site.start('people');
  await held;
  site.gate.breakAll();
  await eventually('repetitions', async () => (await site.attempts('people')) >= 2);
  const { stdout } = await run('status');
  expect(stdout).toMatch(
    /people +converting.* 0\/1 [^]*\npeople: attempt \d+ of storeTable.*STORE_.*\n {2}Next step: /,
  );

  await handle.terminate('by a test');
  site.gate.open();
  const { runId } = await handle.describe();
  await eventually(
    'the end to be seen',
    async () => (await findRuns(site.namespace.client, [runId])).get(runId) === 'ended',
  );
  expect((await run('status')).stdout).toMatch(/people +terminated/);
  expect(site.workFiles()).not.toEqual([]);
  expect((await run('clean')).stdout).toContain('Removed 1 work folders');
  expect(site.workFiles()).toEqual([]);
});

// A small one of a batch goes the long way from where it was refused, which asks the store when it unpacks.
test.each([
  ['import people', 'storeTable', 35],
  ['import --all', 'unpack', 8],
])(
  '%s: whoever follows it reads once what holds it up, and what to do',
  async (args, step, times) => {
    // The other dataset of the batch is up-to-date, so that one is held up.
    await run('import small');
    await site.kaggle.publishVersion('owner/people', { 'people.csv': `${args}\n1\n2\n` });
    const held = MOMENTS.find(({ activity }) => activity === 'storeTable')!.reach(site);
    const command = start(args);
    await held;
    site.gate.breakAll();
    await eventually('repetitions', async () => (await site.attempts('people')) >= 4);
    await eventually('the advice', () => command.said().includes('Next step: '));
    site.gate.open();
    const { exitCode, stderr } = await command.ended;
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(new RegExp(`^people: attempt \\d+ of ${step}, because of STORE_`, 'm'));
    // Once a reason: the store that is away may refuse in more than one way.
    const reasons = stderr.match(/because of .*/g)!;
    expect(new Set(reasons).size).toBe(reasons.length);
    expect(reasons.length).toBeLessThan(4);
    const steps = stderr.match(/\n {2}Next step: Check that it runs .* up to \d+ times\.$/gm);
    expect(steps).toHaveLength(reasons.length);
    expect(stderr).toContain(`up to ${times} times.`);
  },
);

test('an import that meets a full disk waits, says what to do, and goes on once there is room', async () => {
  await site.kaggle.publishVersion('owner/small', { 'small.csv': 'a,b\n3,z\n' });
  const pin = { kind: 'kaggle' as const, reference: 'owner/small', version: '3', description: {} };
  const key = entryKey(
    { ...datasetSchema.parse({ kaggle_ref: 'owner/small' }), name: 'small' },
    pin,
  );
  const { directory, marker } = entryPaths(join(site.folder, 'one', 'cache'), key);
  mkdirSync(directory, { recursive: true });
  // Each write to this device fails as on a full disk.
  symlinkSync('/dev/full', `${marker}.tmp`);
  const before = await site.objects();
  const command = start('import small');
  await eventually('the wait', () => command.said().includes('small: waiting: The disk of the'));
  expect(command.said()).toContain('Free space');
  expect(await site.objects()).toEqual(before);
  rmSync(`${marker}.tmp`);
  await site.namespace.client.workflow.getHandle('import:small').signal(RETRY_NOW_SIGNAL);
  const { exitCode, stderr } = await command.ended;
  expect(exitCode).toBe(0);
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(site.workFiles()).toEqual([]);
  expect((await run('list')).stdout).toMatch(/small .* v3 /);
});
