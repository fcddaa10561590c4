/** A night that brings less than half of the rows: held, told once, and decided days later, from wherever a person is. */
import { execa } from 'execa';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { driftWorkflowId, IMPORT_ALL_WORKFLOW_ID, type ImportResult } from '../../src/contract.js';
import { commandRunner, type CommandRunner } from '../helpers/command.js';
import { ImportSite } from '../helpers/import-site.js';
import { read, root, section, shellCommands } from '../helpers/markdown.js';
import { findTemporal } from '../helpers/temporal-cli.js';
import { webhook } from '../helpers/webhook.js';

const rowsOf = (count: number): string =>
  `age,species\n${Array.from({ length: count }, (_, at) => `${at},${at % 2 ? 'a' : 'b'}\n`).join('')}`;
let site: ImportSite;
let command: CommandRunner;

beforeAll(async () => {
  site = await ImportSite.open({
    datasets: { iris: { 'iris.csv': rowsOf(100) }, other: { 'other.csv': 'a,b\n1,2\n' } },
    defaults: { drift: { on: 'hold' } },
  });
  command = commandRunner(site.environment('command'));
});
afterAll(() => site.close());

const publishIris = (rows: number) =>
  site.kaggle.publishVersion('owner/iris', { 'iris.csv': rowsOf(rows) });
const importIris = async (...args: string[]) =>
  (await command.json<{ imports: ImportResult[] }>('import', 'iris', ...args)).imports[0]!;
const current = async () =>
  (JSON.parse(await site.readObject('datasets/iris/current.json')) as { version: string }).version;

/** The documented command, with another update or input. */
async function temporal(update: string, input: object): Promise<string> {
  const written = shellCommands(section(read('docs/operations.md'), '## A version that is held'));
  const line = written.find((one) => one.startsWith('temporal '))!;
  const { stdout } = await execa(
    '/bin/sh',
    [
      '-c',
      line
        .replace('temporal ', '"$CLI" ')
        .replace('approveDrift', update)
        .replace('\'{"version":"3"}\'', `'${JSON.stringify(input)}'`),
    ],
    {
      cwd: root,
      env: {
        CLI: await findTemporal(),
        TEMPORAL_ADDRESS: inject('stack').TEMPORAL_ADDRESS,
        TEMPORAL_NAMESPACE: site.namespace.name,
      },
    },
  );
  return stdout;
}

test('what drifts is held and told once; the next night finds it so and transfers nothing', async () => {
  const slack = await webhook();
  const worker = await site.startWorker('one', { SLACK_WEBHOOK_URL: slack.url });
  expect(await importIris()).toMatchObject({ outcome: 'published', version: '1' });
  await publishIris(40);
  const drift = 'drift: iris: number of rows: 100 → 40';
  const held = await importIris();
  expect(held).toMatchObject({ outcome: 'held', version: '2', rows: 40, warnings: [drift] });
  const { imports } = await command.json<{ imports: ImportResult[] }>('import', '--all');
  expect(imports).toMatchObject([
    { dataset: 'iris', outcome: 'held', transferredBytes: 0, warnings: [drift] },
    { dataset: 'other', outcome: 'published' },
  ]);
  expect(imports[0]!.prefix).toBe(held.prefix);
  expect(await current()).toBe('1');
  expect(slack.messages).toEqual([
    { text: expect.stringMatching(/^Version 2 of iris is held\.\n.*100 → 40\n/), mrkdwn: false },
    // The night after tells of its whole, and no more of this.
    { text: expect.stringMatching(/finished\.\n.*: 1 published, 1 held\.$/), mrkdwn: false },
  ]);
  expect(site.workFiles()).toEqual([]);
  await worker.kill();
  await site.startWorker();
});

test('status, list, versions, plan and diff say what is held and why', async () => {
  for (const verb of ['status', 'list'])
    expect(await command.succeeds(verb)).toMatch(/Held .*iris 2/s);
  const shown = await command.succeeds('versions', 'iris');
  expect(shown).toContain('iris: number of rows: 100 → 40');
  const [, compare] = /^Compare: kaggle-import (.*)$/m.exec(shown)!;
  expect(await command.succeeds(...compare!.split(' '))).toMatch(/rows +.*100 +.*40 +.*-60/);
  expect(await command.json('plan', 'iris')).toMatchObject({
    plans: [{ would: 'nothing', why: expect.stringContaining('held') }],
  });
});

test('approved from the command line, it is current, and the next night is up to date', async () => {
  expect(await command.json('approve', 'iris')).toMatchObject({ version: '2', hasChanged: true });
  expect(await current()).toBe('2');
  expect(await importIris()).toMatchObject({ outcome: 'up-to-date', version: '2', warnings: [] });
  const { exitCode, stderr } = await command.run(['approve', 'iris']);
  expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/^VERSION_NOT_HELD/)]);
});

test('rejected through Temporal, it stays away until the source changes', async () => {
  await publishIris(10);
  expect(await importIris()).toMatchObject({ outcome: 'held', version: '3' });
  expect(await temporal('rejectDrift', { version: '3' })).toContain('hasChanged:true version:3');
  const kept = await importIris();
  expect(kept).toMatchObject({ outcome: 'up-to-date', version: '2' });
  expect(kept.warnings).toEqual([expect.stringContaining('has chosen version 2 in its place')]);
  // A forced import is a wish to look at it again.
  expect(await importIris('--force')).toMatchObject({ outcome: 'held', version: '3' });
  expect(await command.json('reject', 'iris', '3')).toMatchObject({ hasChanged: true });
});

test('approved through Temporal, with or without a version; a decision that is none is refused', async () => {
  await publishIris(5);
  expect(await importIris()).toMatchObject({ outcome: 'held', version: '4' });
  for (const [input, code] of [
    [{ version: '9' }, 'VERSION_UNKNOWN'],
    [{ version: '3' }, 'VERSION_NOT_HELD'],
    [{ versoin: '4' }, 'INPUT_INVALID'],
  ] as const) {
    const refused = await temporal('approveDrift', input).catch((error: unknown) => String(error));
    expect(refused).toMatch(code === 'INPUT_INVALID' ? 'versoin' : /version/);
    const handle = site.namespace.client.workflow.getHandle(driftWorkflowId('iris'));
    if (code !== 'INPUT_INVALID') {
      await expect(handle.result()).rejects.toMatchObject({ cause: { type: code } });
    }
  }
  expect(await current()).toBe('2');
  expect(await temporal('approveDrift', {})).toContain('hasChanged:true version:4');
  expect(await current()).toBe('4');
});

test('held anew in a batch of one lane, a version waits for a person and keeps nobody else waiting', async () => {
  site.configure({ settings: { max_parallel: 1 }, defaults: { drift: { on: 'hold' } } });
  await publishIris(1);
  await site.kaggle.publishVersion('owner/other', { 'other.csv': 'a,b\n3,4\n' });
  // Gives once the batch has ended: nobody has decided by then, nor does anybody.
  const { imports } = await command.json<{ imports: ImportResult[] }>('import', '--all');
  expect(imports).toMatchObject([
    { dataset: 'iris', outcome: 'held', version: '5' },
    { dataset: 'other', outcome: 'published', version: '2' },
  ]);
  expect(await current()).toBe('4');
  const batch = site.namespace.client.workflow.getHandle(IMPORT_ALL_WORKFLOW_ID);
  expect((await batch.describe()).status.name).toBe('COMPLETED');
});

test('limits that are loosened publish what they held', async () => {
  site.configure({ defaults: { drift: { on: 'warn' } } });
  expect(await importIris()).toMatchObject({
    outcome: 'published',
    version: '5',
    warnings: [expect.stringContaining('drift: iris: number of rows: 5 → 1')],
  });
  expect(await current()).toBe('5');
  const { versions } = await command.json<{ versions: { state: string }[] }>('versions', 'iris');
  expect(versions.map(({ state }) => state)).toEqual([
    ...['current', 'superseded', 'rejected', 'superseded', 'superseded'],
  ]);
});
