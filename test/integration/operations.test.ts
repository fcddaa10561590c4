/** docs/operations.md, done as written: the real `temporal` command against the worker that ships. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { execa } from 'execa';
import { inject } from 'vitest';
import { IMPORT_ALL_WORKFLOW_ID, importWorkflowId } from '../../src/contract.js';
import { commandRunner, type CommandResult } from '../helpers/command.js';
import { eventually } from '../helpers/eventually.js';
import { ImportSite } from '../helpers/import-site.js';
import { read, root, shellCommands } from '../helpers/markdown.js';
import { findTemporal } from '../helpers/temporal-cli.js';

const documented = shellCommands(read('docs/operations.md'));
const IRIS = 'sepal_length,species\n5.1,setosa\n4.9,setosa\n6.3,virginica\n';
let site: ImportSite;
let temporal: string;
let kaggleImport: (args: readonly string[]) => Promise<CommandResult>;

beforeAll(async () => {
  site = await ImportSite.open({ datasets: { iris: { 'iris.csv': IRIS } } });
  await site.startWorker();
  temporal = await findTemporal();
  const { run } = commandRunner(site.environment('command'));
  kaggleImport = (args) => run(args);
});
afterAll(() => site.close());

/** Runs the documented commands that begin so; gives their output. */
async function asWritten(start: string): Promise<string> {
  const commands = documented.filter((command) => command.startsWith(start));
  expect(commands.length, start).toBeGreaterThan(0);
  let output = '';
  for (const command of commands) output += await shell(command);
  return output;
}

async function shell(command: string): Promise<string> {
  const { stdout } = await execa('/bin/sh', ['-c', command.replace('temporal ', '"$CLI" ')], {
    cwd: root,
    env: {
      CLI: temporal,
      TEMPORAL_ADDRESS: inject('stack').TEMPORAL_ADDRESS,
      TEMPORAL_NAMESPACE: site.namespace.name,
    },
  });
  return stdout;
}

const outcomes = async (): Promise<string[]> =>
  (await site.query<{ outcome: string }>('SELECT outcome FROM imports ORDER BY started_at')).map(
    ({ outcome }) => outcome,
  );
/** Recorded is not yet ended: until then the next start would join the import that is about to end. */
async function until(expected: readonly string[]): Promise<void> {
  await eventually(expected.join(), async () => (await outcomes()).join() === expected.join());
  const handle = site.namespace.client.workflow.getHandle(importWorkflowId('iris'));
  await eventually('the end', async () => (await handle.describe()).status.name !== 'RUNNING');
}

test('a cancelled import is recorded as such', async () => {
  site.kaggle.faults.add({ kind: 'not-ready', times: 'always' });
  await asWritten('temporal workflow start');
  await eventually('the wait', async () =>
    (await asWritten('temporal workflow query').catch(() => '')).includes('waitingFor'),
  );
  await asWritten('temporal workflow cancel');
  await until(['cancelled']);
  site.kaggle.faults.clear();
});

test('an import that waits is found, told to go on, and published', async () => {
  site.kaggle.faults.add({ kind: 'not-ready', times: 'always' });
  await asWritten('temporal workflow start');
  await eventually('the wait', async () =>
    (await asWritten("temporal workflow list --query \"ImportStage = 'waiting'")).includes('iris'),
  );
  expect(await asWritten('temporal workflow query')).toContain('waitingFor');
  // Starting it again joins it.
  await asWritten('temporal workflow start');

  site.kaggle.faults.clear();
  await asWritten('temporal workflow signal');
  await until(['cancelled', 'published']);
  const tables = await site.query(
    `SELECT f.row_count FROM datasets d JOIN dataset_files f ON f.version_id = d.current_version_id
      WHERE d.dataset_name = 'iris' AND f.logical_role = 'table'`,
  );
  expect(tables).toEqual([{ row_count: '3' }]);
  expect(await site.objects()).toContain('datasets/iris/current.json');
});

test('the command of the issue, word for word: no policies', async () => {
  await shell(
    `temporal workflow start --task-queue kaggle-import --type importDataset --workflow-id import:iris --input '{"dataset":"iris"}'`,
  );
  await until(['cancelled', 'published', 'up-to-date']);
});

test('the schedule is created, triggered, paused, resumed, shown and deleted', async () => {
  const before = await outcomes();
  await asWritten('temporal schedule create');
  const handle = site.namespace.client.schedule.getHandle('kaggle-import-daily');
  const { spec, policies, info } = await handle.describe();
  expect(spec).toMatchObject({
    calendars: [{ hour: [{ start: 2 }], minute: [{ start: 0 }] }],
    timezone: 'Europe/Paris',
    jitter: 600_000,
  });
  expect(policies).toMatchObject({ overlap: 'SKIP', catchupWindow: 6 * 3_600_000 });
  expect(info.nextActionTimes[0]!.getTime()).toBeGreaterThan(Date.now());

  await asWritten('temporal schedule trigger');
  await until([...before, 'up-to-date']);
  const [pause, resume] = documented.filter((line) => line.startsWith('temporal schedule toggle'));
  await shell(pause!);
  expect((await handle.describe()).state.paused).toBe(true);
  await shell(resume!);
  expect((await handle.describe()).state.paused).toBe(false);
  expect(await asWritten('temporal schedule describe')).toContain('importAll');
  await asWritten('temporal schedule delete');
  await expect(handle.describe()).rejects.toThrow();
});

test('the schedule verb does the same, and changes a schedule that exists', async () => {
  const before = await outcomes();
  const schedule = async (...args: string[]): Promise<string> => {
    const { stdout, stderr, exitCode } = await kaggleImport(['schedule', ...args]);
    expect(exitCode, stderr).toBe(0);
    return stdout;
  };
  const handle = site.namespace.client.schedule.getHandle('kaggle-import-daily');
  expect(await schedule('create')).toMatch(
    /active, time zone UTC; up to 10 minutes late on purpose\n +imports +all datasets\n +next run +\d{4}-\d\d-\d\d 02:0/,
  );
  expect((await handle.describe()).policies.overlap).toBe('SKIP');
  await schedule('trigger');
  await until([...before, 'up-to-date']);
  expect(await schedule('show')).toMatch(/last run +\d{4}/);
  await schedule('pause');
  expect(await schedule('create', '--cron', '30 3 * * 1-5', '--timezone', 'Europe/Paris')).toMatch(
    /paused, time zone Europe\/Paris/,
  );
  expect((await handle.describe()).spec.calendars).toMatchObject([{ hour: [{ start: 3 }] }]);
  expect(await schedule('resume')).toContain('active');
  await schedule('delete');
  expect(await schedule('show')).toMatch(/no schedule .* `make schedule ACTION=create`/);
  expect(JSON.parse(await schedule('show', '--json'))).toMatchObject({ exists: false });
  expect(await schedule('delete')).toContain('nothing to delete');
  for (const action of ['pause', 'resume', 'trigger']) {
    const { exitCode, stderr } = await kaggleImport(['schedule', action]);
    expect([exitCode, stderr], action).toEqual([2, expect.stringMatching(/^SCHEDULE_MISSING/)]);
  }
  const bad = await kaggleImport(['schedule', 'create', '--cron', 'at dawn']);
  expect([bad.exitCode, bad.stderr.startsWith('USAGE')]).toEqual([2, true]);
  const query = `WorkflowType = 'importAll' AND WorkflowId STARTS_WITH '${IMPORT_ALL_WORKFLOW_ID}'`;
  await eventually('two batches that have ended well', async () => {
    const batches: string[] = [];
    const found = site.namespace.client.workflow.list({ query });
    for await (const { status } of found) batches.push(status.name);
    return batches.join() === 'COMPLETED,COMPLETED';
  });
});
