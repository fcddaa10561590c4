/** Old versions go and what is stored is read again while nobody looks: on schedules, and by the documented commands. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { VERIFY_WORKFLOW_ID, type ImportResult } from '../../src/contract.js';
import { commandRunner, type CommandRunner } from '../helpers/command.js';
import { eventually } from '../helpers/eventually.js';
import { freePort } from '../helpers/free-port.js';
import { ImportSite } from '../helpers/import-site.js';
import { read, root, section, shellCommands } from '../helpers/markdown.js';
import { findTemporal } from '../helpers/temporal-cli.js';
import type { WorkerProcess } from '../helpers/worker-process.js';
import { webhook } from '../helpers/webhook.js';

const SETTINGS = { keep_versions: 1, gc_grace_days: 0 };

let site: ImportSite;
let worker: WorkerProcess;
let metricsPort: string;
let command: CommandRunner;

beforeAll(async () => {
  site = await ImportSite.open({
    datasets: { set: { 'people.csv': 'name\nada\n' }, other: { 'other.csv': 'a,b\n1,2\n' } },
    settings: SETTINGS,
  });
  metricsPort = String(await freePort());
  worker = await site.startWorker('one', { METRICS_PORT: metricsPort });
  command = commandRunner(site.environment('command'));
});
afterAll(() => site.close());

/** The documented command whose input is `input`, or is put in its place. */
async function temporal(heading: string, input: string, instead = input): Promise<string> {
  const written = shellCommands(section(read('docs/operations.md'), heading));
  const line = written.find((one) => one.startsWith('temporal ') && one.includes(`'${input}'`))!;
  const { stdout } = await execa(
    '/bin/sh',
    ['-c', line.replace('temporal ', '"$CLI" --output json ').replace(input, instead)],
    {
      cwd: root,
      env: {
        CLI: await findTemporal(),
        TEMPORAL_ADDRESS: inject('stack').TEMPORAL_ADDRESS,
        TEMPORAL_NAMESPACE: site.namespace.name,
      },
      reject: false,
    },
  );
  return stdout;
}

const GC = '## Let old versions go';
const VERIFY = '## Is it still what was published?';
const states = async () =>
  (await command.json<{ versions: { state: string }[] }>('versions', 'set')).versions.map(
    ({ state }) => state,
  );
const peopleKeys = async () => {
  const pointer = JSON.parse(await site.readObject('datasets/set/current.json')) as {
    tables: { keys: string[] }[];
  };
  return pointer.tables[0]!.keys;
};
/** Of the cache of host `one`. */
const leases = () => readdir(join(site.folder, 'one', 'cache', 'leases')).catch(() => []);
const counted = async (name: string): Promise<number> => {
  const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  return Number(
    new RegExp(`^kaggle_import_${name}_total(?:\\{.*\\})? (\\d+)$`, 'm').exec(text)?.[1],
  );
};

test('a schedule lets old versions go', async () => {
  await command.json('import', '--all');
  await site.kaggle.publishVersion('owner/set', { 'people.csv': 'name\nada\nalan\n' });
  await command.json('import', 'set');
  expect(await states()).toEqual(['current', 'superseded']);
  for (const what of ['gc', 'verify']) {
    const create = await command.json('schedule', 'create', '--what', what);
    expect(create).toMatchObject({ schedule: `kaggle-import-${what}`, exists: true });
  }
  expect(await command.json('schedule', 'show')).toMatchObject({ exists: false });
  await command.json('schedule', 'trigger', '--what', 'gc');
  await eventually('the old version', async () => (await states())[1] === 'removed');
  await eventually('the count', async () => (await counted('gc_versions')) === 1);
  // By hand there is nothing left to do.
  expect(await temporal(GC, '{}')).toMatch(/"versions":\s*0/);
  for (const what of ['gc', 'verify']) await command.json('schedule', 'delete', '--what', what);
});

test('everything is read again; what is altered is counted, told once, and mended by the next import', async () => {
  const slack = await webhook();
  await worker.kill();
  await site.startWorker('one', { SLACK_WEBHOOK_URL: slack.url, METRICS_PORT: metricsPort });
  const whole = await temporal(VERIFY, '{}');
  expect(whole).toMatch(/"versions":\s*2/);
  expect(whole).toMatch(/"problems":\s*0/);
  await site.alterObject((await peopleKeys())[0]!);
  expect(await temporal(VERIFY, '{"dataset":"iris"}', '{"dataset":"other"}')).toMatch(
    /"versions":\s*1/,
  );
  expect(await temporal(VERIFY, '{}')).toContain('VERIFY_FAILED');
  // Beside the batch of before, whose worker knew nobody to tell.
  const altered = (slack.messages as { text: string }[]).filter(({ text }) =>
    text.startsWith('What is stored'),
  );
  expect(altered).toMatchObject([
    { text: expect.stringMatching(/\n.*VERIFY_FAILED: .*: set: found one problem/) },
  ]);
  await eventually('the counts', async () => (await counted('verify_problems')) === 1);
  expect(await counted('verified_versions')).toBe(5);
  const { imports } = await command.json<{ imports: ImportResult[] }>('import', 'set');
  expect(imports).toMatchObject([{ outcome: 'published' }]);
  expect(await temporal(VERIFY, '{}')).toMatch(/"problems":\s*0/);
});

test('deep: the cached source is converted again, and what is damaged comes back byte by byte', async () => {
  const { run } = commandRunner(site.environment('one'));
  const deep = async () => {
    const { exitCode, stdout, stderr } = await run(['--json', 'verify', 'set', '--deep']);
    return { exitCode, stderr, ...(JSON.parse(stdout) as { verified: object[] }) };
  };
  const whole = { compared: ['people'], skipped: [], repaired: [], problems: [] };
  expect(await deep()).toMatchObject({ exitCode: 0, verified: [whole] });
  const key = (await peopleKeys())[0]!;
  const etag = await site.etagOf(key);
  // Of the same size; and one that says it had the checksum of the right one.
  for (const keepsMetadata of [false, true]) {
    await site.alterObject(key, { keepsMetadata });
    const { exitCode, stdout } = await command.run(['--json', 'verify', 'set']);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ verified: [{ problems: [{ what: 'altered' }] }] });
    expect(await deep()).toMatchObject({ exitCode: 0, verified: [{ ...whole, repaired: [key] }] });
    expect(await site.etagOf(key)).toBe(etag);
    expect(await command.json('verify', 'set')).toMatchObject({ verified: [{ problems: [] }] });
  }
  await site.removeObject(key);
  expect(await deep()).toMatchObject({ exitCode: 0, verified: [{ ...whole, repaired: [key] }] });
  expect(await deep()).toMatchObject({ exitCode: 0, verified: [whole] });
  // What was made under another configuration is proven by its cells, and put back by its bytes where these are the same.
  site.configure({ settings: { ...SETTINGS, compression: 'gzip' } });
  expect(await deep()).toMatchObject({ exitCode: 0, verified: [whole] });
  site.configure({ settings: SETTINGS, defaults: { csv: { header: false } } });
  const reason = expect.stringContaining('the configuration or the tool has changed since');
  expect(await deep()).toMatchObject({
    ...{ exitCode: 0, verified: [{ compared: [], problems: [], skipped: [{ reason }] }] },
  });
  site.configure({ settings: SETTINGS });
  expect(await leases()).toEqual([]);
  // Another host has not the source: that is said, and is no failure.
  expect(await command.json('verify', 'set', '--deep')).toMatchObject({
    verified: [{ compared: [], skipped: [{ reason: expect.stringContaining('cache') }] }],
  });
});

test('deep on a schedule: what is damaged comes back while nobody looks', async () => {
  const key = (await peopleKeys())[0]!;
  const etag = await site.etagOf(key);
  await site.alterObject(key, { keepsMetadata: true });
  await command.json('schedule', 'create', '--what', 'verify', '--deep');
  await command.json('schedule', 'trigger', '--what', 'verify');
  await eventually('the repair', async () => (await site.etagOf(key)) === etag);
  await eventually('the count', async () => (await counted('verify_repaired_objects')) === 1);
  expect(await counted('verify_compared_tables')).toBe(2);
  await command.json('schedule', 'delete', '--what', 'verify');
  const handle = site.namespace.client.workflow.getHandle(VERIFY_WORKFLOW_ID);
  await eventually('its end', async () => (await handle.describe()).status.name === 'COMPLETED');
  const asked = await temporal(VERIFY, '{"deep":true}');
  expect(asked).toMatch(/"problems":\s*0/);
  expect(asked).toMatch(/"compared":\s*2/);
  expect([site.workFiles(), await leases()]).toEqual([[], []]);
  expect(
    (await command.run(['--json', 'schedule', 'create', '--what', 'gc', '--deep'])).exitCode,
  ).toBe(2);
});

test("a name in the Iceberg catalog that is another tool's is refused before anything is converted", async () => {
  await site.query(
    `UPDATE iceberg_tables SET metadata_location = 's3://x/y' WHERE table_namespace = 'other'`,
  );
  await site.kaggle.publishVersion('owner/other', { 'other.csv': 'a,b\n3,4\n' });
  const { exitCode, stdout } = await command.run(['--json', 'import', 'other']);
  expect([exitCode, stdout]).toEqual([1, expect.stringContaining('ICEBERG_NAME_TAKEN')]);
  const [row] = await site.query<{ stages: object }>(
    `SELECT stage_ms AS stages FROM imports WHERE dataset_name = 'other' ORDER BY started_at DESC`,
  );
  expect(Object.keys(row!.stages)).toContain('unpacking');
  expect(Object.keys(row!.stages)).not.toContain('converting');
});

test('a misspelt input fails at once, with the keys that are allowed', async () => {
  const refused = await temporal(VERIFY, '{"dataset":"iris"}', '{"datset":"iris"}');
  expect(refused).toContain('INPUT_INVALID');
  expect(await temporal(GC, '{}', '{"apply":true}')).toContain('INPUT_INVALID');
});
