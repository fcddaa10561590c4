/** The past of a dataset from the command line, between real imports: back, compared, checked, mended, tidied. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ImportResult } from '../../src/contract.js';
import { commandRunner, type CommandRunner } from '../helpers/command.js';
import { ImportSite } from '../helpers/import-site.js';

let site: ImportSite;
let command: CommandRunner;

beforeAll(async () => {
  site = await ImportSite.open({
    datasets: { set: { 'people.csv': 'name,age\nada,36\nalan,41\n', 'kept.csv': 'a,b\n1,2\n' } },
    settings: { keep_versions: 1, gc_grace_days: 0 },
  });
  await site.startWorker();
  command = commandRunner(site.environment('command'));
});
afterAll(() => site.close());

const publishPeople = (text: string) =>
  site.kaggle.publishVersion('owner/set', { 'people.csv': text, 'kept.csv': 'a,b\n1,2\n' });
const importSet = async () =>
  (await command.json<{ imports: ImportResult[] }>('import', 'set')).imports[0]!;
const current = async () =>
  JSON.parse(await site.readObject('datasets/set/current.json')) as {
    version: string;
    tables: { name: string; keys: string[] }[];
  };

test('a rollback holds until the source has something newer, and the night says so', async () => {
  await importSet();
  await publishPeople('name,years\nada,36.5\n');
  expect(await importSet()).toMatchObject({ outcome: 'published', version: '2', carriedOver: 1 });
  expect(await command.json('rollback', 'set')).toMatchObject({ version: '1', hasChanged: true });
  expect((await current()).version).toBe('1');
  const kept = await importSet();
  expect(kept).toMatchObject({ outcome: 'up-to-date', version: '1' });
  expect(kept.warnings).toEqual([expect.stringContaining('has chosen version 1 in its place')]);
  expect((await current()).version).toBe('1');
  expect(await command.json('plan', 'set')).toMatchObject({ plans: [{ would: 'nothing' }] });

  await publishPeople('name,years\nada,36.5\ngrace,\n');
  // Beside version 1, which a person has chosen.
  const warnings = ['drift: people.age: gone: TINYINT → none'];
  expect(await importSet()).toMatchObject({ outcome: 'published', version: '3', warnings });
  expect(await command.json('versions', 'set')).toMatchObject({
    versions: [
      { sourceVersion: '3', state: 'current' },
      { sourceVersion: '2', state: 'superseded', rolledBackAt: expect.any(String) },
      { sourceVersion: '1', state: 'superseded' },
    ],
  });
});

test('two versions side by side', async () => {
  const { tables } = await command.json<{
    tables: { table: string; change: string; columns: { column: string; change: string }[] }[];
  }>('diff', 'set', '1', '3');
  expect(tables.map(({ table, change }) => [table, change])).toEqual([
    ['kept', 'same'],
    ['people', 'changed'],
  ]);
  expect(tables[1]!.columns.map(({ column, change }) => [column, change])).toEqual([
    ['name', 'changed'],
    ['years', 'added'],
    ['age', 'removed'],
  ]);
});

test('an altered object is found, and the next import stores it again under a key of its own', async () => {
  expect(await command.json('verify')).toMatchObject({ verified: [{ problems: [] }] });
  const [key] = (await current()).tables.find(({ name }) => name === 'people')!.keys;
  await site.alterObject(key!);
  const { exitCode, stdout } = await command.run(['--json', 'verify', 'set']);
  expect(exitCode).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    verified: [{ problems: [{ key, what: 'altered' }] }],
    error: { code: 'VERIFY_FAILED' },
  });
  expect(await importSet()).toMatchObject({ outcome: 'published', carriedOver: 1 });
  expect(await command.json('verify')).toMatchObject({ verified: [{ problems: [] }] });
  expect((await current()).tables.flatMap(({ keys }) => keys)).not.toContain(key);
});

test('what is not kept goes when asked to, and what is current stays whole', async () => {
  const before = await site.objects();
  expect(await command.json('gc')).toMatchObject({ applied: false, versions: [{}, {}, {}] });
  expect(await site.objects()).toEqual(before);
  await command.json('gc', '--apply');
  const left = (await site.objects()).filter((key) => key.includes('/v'));
  const needed = (await current()).tables.flatMap(({ keys }) => keys);
  expect(left.filter((key) => key.endsWith('.parquet')).sort()).toEqual(needed.sort());
  expect(await command.json('verify')).toMatchObject({ verified: [{ problems: [] }] });
  const { exitCode, stdout } = await command.run(['--json', 'show', 'set@1']);
  expect(exitCode).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'VERSION_REMOVED' } });
});
