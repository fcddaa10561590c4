/** The same import twice, at once and one after the other; and a batch in which one dataset is broken. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TASK_QUEUES, type ImportResult } from '../../src/contract.js';
import type { importDataset } from '../../src/workflows/index.js';
import { commandRunner, type CommandResult } from '../helpers/command.js';
import { MOMENTS, people, ROWS } from '../helpers/import-moments.js';
import { ImportSite } from '../helpers/import-site.js';
import { publicationState, publishedOnce } from '../helpers/publication-state.js';

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
  expect((await watching).stdout).toMatch(/people +converting +0\/1/);
  site.gate.open();
  const [one, two] = await Promise.all([first, second]);
  expect([one.exitCode, two.exitCode]).toEqual([0, 0]);
  expect(importsOf(one)[0]).toMatchObject({ outcome: 'published', rows: ROWS });
  expect(['published', 'up-to-date']).toContain(importsOf(two)[0]!.outcome);
  const { outcomes, ...state } = await publicationState(site, 'people');
  expect({ ...state, outcomes: outcomes.slice(0, 1) }).toEqual(publishedOnce(ROWS, ['published']));
});

test('imports under two workflow ids at once leave one set of rows and objects', async () => {
  const start = (workflowId: string) =>
    site.namespace.client.workflow.execute<typeof importDataset>('importDataset', {
      taskQueue: TASK_QUEUES.control,
      workflowId,
      args: [{ dataset: 'people', force: true }],
    });
  const results = await Promise.all([start('once'), start('again')]);
  expect(results.map(({ outcome }) => outcome)).toEqual(['published', 'published']);
  const { outcomes: _all, ...state } = await publicationState(site, 'people');
  const { outcomes: _none, ...once } = publishedOnce(ROWS, []);
  expect(state).toEqual(once);
  expect(site.workFiles()).toEqual([]);
});

test('a broken dataset fails the batch after all have ended, and only itself', async () => {
  const result = await command(['--json', 'import', '--all']);
  expect(result.exitCode).toBe(1);
  expect(result.stderr).toContain('broken failed');
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
