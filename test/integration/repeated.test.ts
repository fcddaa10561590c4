/** The same import twice, at once and one after the other; and a batch in which one dataset is broken. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TASK_QUEUES, type ImportDatasetInput, type ImportResult } from '../../src/contract.js';
import type { importDataset } from '../../src/workflows/index.js';
import { commandRunner, type CommandResult } from '../helpers/command.js';
import { MOMENTS, people, ROWS } from '../helpers/import-moments.js';
import { ImportSite } from '../helpers/import-site.js';
import { publicationState, publishedOnce } from '../helpers/publication-state.js';
import { importFailure } from '../helpers/started-import.js';

let site: ImportSite;
let command: (args: readonly string[]) => Promise<CommandResult>;

beforeAll(async () => {
  site = await ImportSite.open({
    datasets: {
      people: { 'people.csv': people() },
      broken: { 'broken.csv': 'a,b\n1,2\n3,4,5\n6,7\n' },
      small: { 'small.csv': 'x,y\n1,2\n' },
    },
  });
  await site.startWorker();
  const { run } = commandRunner(site.environment('command'));
  command = (args) => run(args);
});
afterAll(() => site.close());

function importsOf({ stdout }: CommandResult): readonly ImportResult[] {
  return (JSON.parse(stdout) as { imports: ImportResult[] }).imports;
}

test('two commands at once follow one import', async () => {
  const hold = MOMENTS.find(({ activity }) => activity === 'storeTable')!.reach(site);
  const first = command(['--json', 'import', 'people']);
  await hold;
  const second = command(['--json', 'import', 'people']);
  const watching = command(['status']);
  expect((await watching).stdout).toMatch(/people +converting.* 0\/1 /);
  site.gate.open();
  const [one, two] = await Promise.all([first, second]);
  expect([one.exitCode, two.exitCode]).toEqual([0, 0]);
  expect(importsOf(one)[0]).toMatchObject({ outcome: 'published', rows: ROWS });
  expect(['published', 'up-to-date']).toContain(importsOf(two)[0]!.outcome);
  const { outcomes, ...state } = await publicationState(site, 'people');
  expect({ ...state, outcomes: outcomes.slice(0, 1) }).toEqual(publishedOnce(ROWS, ['published']));
});

const start = (workflowId: string, input: object) =>
  site.namespace.client.workflow.start<typeof importDataset>('importDataset', {
    taskQueue: TASK_QUEUES.control,
    workflowId,
    args: [input as ImportDatasetInput],
  });

test('imports under other workflow ids, side by side, are refused and told how to join', async () => {
  const before = await publicationState(site, 'people');
  const ids = ['w1', 'w2'];
  const handles = await Promise.all(ids.map((id) => start(id, { dataset: 'people' })));
  for (const [index, failure] of (await Promise.all(handles.map(importFailure))).entries()) {
    expect(failure.type).toBe('WORKFLOW_ID_WRONG');
    expect(failure.message).toContain(`expected import:people, found ${ids[index]}`);
    expect(failure.details?.[0]).toMatchObject({
      nextStep: expect.stringContaining('--id-conflict-policy UseExisting'),
    });
  }
  expect(await publicationState(site, 'people')).toEqual(before);
});

test.each([
  [
    { datset: 'people' },
    /keys among dataset, force, authChecked; unknown key "datset", dataset is/,
  ],
  [{ dataset: 'people', force: 'yes' }, /force is not true or false/],
  ['people', /\{"dataset": "iris"\} .*found "people"/],
])('an input that is misspelt fails at once, with the allowed keys: %j', async (input, words) => {
  const failure = await importFailure(await start('import:people', input as object));
  expect(failure.type).toBe('INPUT_INVALID');
  expect(failure.message).toMatch(words);
});

test('a forced import of unchanged bytes keeps the version that is there', async () => {
  const [before] = await site.query('SELECT id, prefix, published_at FROM dataset_versions');
  const keys = await site.objects();
  const handle = await start('import:people', { dataset: 'people', force: true });
  expect(await handle.result()).toMatchObject({ outcome: 'published', prefix: before!['prefix'] });
  expect(await site.query('SELECT id, prefix, published_at FROM dataset_versions')).toEqual([
    before,
  ]);
  expect(await site.objects()).toEqual(keys);
  const { outcomes: _all, ...state } = await publicationState(site, 'people');
  const { outcomes: _none, ...once } = publishedOnce(ROWS, []);
  expect(state).toEqual(once);
  expect(site.workFiles()).toEqual([]);
});

/** `ListObjectsV2`, of whatever prefix. */
const LISTS = /^GET \S*\?\S*list-type=2/;

test.each<[what: string, damage: (key: string) => Promise<void>]>([
  ['gone', (key) => site.removeObject(key)],
  ['cut short', (key) => site.shortenObject(key)],
])(
  'objects of the current version that are %s are imported again, and that is told; one list request asks for all of them',
  async (_what, damage) => {
    const damaged = (await site.objects()).findLast((key) => key.endsWith('/people.parquet'))!;
    await damage(damaged);
    const result = await (await start('import:people', { dataset: 'people' })).result();
    expect(result).toMatchObject({ outcome: 'published', rows: ROWS });
    expect(result.warnings.join()).toContain(`lacked ${damaged}`);
    const [current] = await site.query<{ prefix: string }>(
      `SELECT prefix FROM dataset_versions WHERE state = 'current'`,
    );
    expect(damaged.startsWith(current!.prefix)).toBe(false);
    expect(await site.objects()).toContain(`${current!.prefix}/people.parquet`);
    const listed = site.gate.answered(LISTS);
    const again = await (await start('import:people', { dataset: 'people' })).result();
    expect(again).toMatchObject({ outcome: 'up-to-date', warnings: [] });
    expect(site.gate.answered(LISTS) - listed).toBe(1);
  },
);

test('a broken dataset fails the batch after all have ended, and only itself', async () => {
  const result = await command(['--json', 'import', '--all']);
  expect(result.exitCode).toBe(1);
  expect(result.stdout).toContain('broken failed');
  const imports = importsOf(result);
  expect(imports.map(({ dataset, outcome }) => [dataset, outcome])).toEqual([
    ['people', 'up-to-date'],
    ['broken', 'failed'],
    ['small', 'published'],
  ]);
  expect(imports[0]!.transferredBytes).toBe(0);
  expect(imports[1]!.failure).toMatchObject({ code: 'TOO_MANY_REJECTS' });
  expect(await site.query('SELECT * FROM dataset_versions WHERE prefix LIKE $$%broken%$$')).toEqual(
    [],
  );
  expect((await publicationState(site, 'broken')).objects).toEqual([]);
  expect(site.workFiles()).toEqual([]);
});
