/** A table whose source only grows: new files come to what is stored of the older ones, and everything still adds up. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ImportResult } from '../../src/contract.js';
import { commandRunner, type CommandRunner } from '../helpers/command.js';
import { ImportSite } from '../helpers/import-site.js';

const DAYS = {
  'trips_2024-01-01.csv': 'id,day,who,fare\n1,2024-01-01,ada@example.org,2.5\n2,2024-01-01,,NA\n',
  'trips_2024-01-02.csv': 'id,day,who,fare\n3,2024-01-02,alan@example.org,300\n',
};
/** Narrower numbers, columns in another order, a key that is there already, and a day that comes late. */
const THIRD = 'day,id,who,fare\n2024-01-03,4,,1\n2024-01-01,1,grace@example.org,7.25\n';
const FOURTH = 'id,day,who,fare\n5,2024-01-04,,1e3\n';
const defaults = {
  tables: { trips: { files: 'trips_*.csv', append: { key: ['id'], order: 'day' } } },
};
let site: ImportSite;
let command: CommandRunner;
let files: Record<string, string> = { ...DAYS, 'zones.csv': 'zone,n\nA,1\n' };

beforeAll(async () => {
  site = await ImportSite.open({
    datasets: { taxi: files },
    defaults,
    settings: { keep_versions: 2, gc_grace_days: 0 },
  });
  await site.startWorker();
  command = commandRunner(site.environment('command'));
});
afterAll(() => site.close());

async function importTaxi(...options: string[]): Promise<ImportResult> {
  const stdout = await command.succeeds('--json', 'import', 'taxi', ...options);
  return (JSON.parse(stdout) as { imports: ImportResult[] }).imports[0]!;
}

async function publish(changes: Record<string, string | undefined>): Promise<void> {
  const entries = Object.entries({ ...files, ...changes });
  files = Object.fromEntries(entries.filter((pair): pair is [string, string] => Boolean(pair[1])));
  await site.kaggle.publishVersion('owner/taxi', files);
}

/** Of the current version. */
async function trips(version = 'taxi') {
  const text = await command.succeeds('--json', 'show', version.replace('taxi', 'taxi.trips'));
  const { tables } = JSON.parse(text) as {
    tables: {
      parts: { key: string; rows: number; sha256: string }[];
      rows: number;
      warnings: string[];
      dialect: { files: { path: string; rows: number }[]; append?: object };
      columns: { name: string; type: string; stats: Record<string, unknown> }[];
    }[];
  };
  return tables[0]!;
}

const rowsOf = async (version = 'taxi'): Promise<unknown[]> => {
  const text = await command.succeeds(
    '--json',
    'sql',
    `SELECT id, day::VARCHAR AS day, who, fare FROM taxi.trips`,
    ...(version === 'taxi' ? [] : ['--at', version]),
  );
  return JSON.parse(text) as unknown[];
};

test('a new file becomes a part; the older ones are neither converted nor stored again', async () => {
  expect(await importTaxi()).toMatchObject({ outcome: 'published', rows: 4, warnings: [] });
  const [before, states] = [await trips(), await site.objectStates()];
  await publish({ 'trips_2024-01-03.csv': THIRD });
  const result = await importTaxi();
  expect(result).toMatchObject({
    ...{ outcome: 'published', carriedOver: 1, carriedRows: 1, rows: 5 },
    appended: [{ table: 'trips', files: 1, rows: 2, to: '1' }],
  });
  const after = await trips();
  expect(after.parts.slice(0, -1)).toEqual(before.parts);
  expect(after.parts.map(({ rows }) => rows)).toEqual([3, 2]);
  expect(after.rows).toBe(before.rows + 2);
  expect(after.dialect.files.map(({ rows }) => rows)).toEqual([2, 1, 2]);
  expect(after.columns.map(({ name, type }) => [name, type])).toEqual(
    before.columns.map(({ name, type }) => [name, type]),
  );
  expect(after.columns[3]!.stats).toMatchObject({ nullCount: 1, min: 1, max: 300 });
  const stored = (await site.objects()).filter((key) => key.startsWith(`${result.prefix}/`));
  expect(stored.filter((key) => key.endsWith('.parquet'))).toEqual([after.parts[1]!.key]);
  for (const [key, state] of Object.entries(states)) {
    if (!key.endsWith('current.json')) expect((await site.objectStates())[key]).toBe(state);
  }
  expect(await rowsOf()).toHaveLength(5);
  // Counted, and not one of them removed; nobody's address is in it.
  expect(result.warnings.filter((text) => !text.startsWith('drift: '))).toEqual([
    'trips: key (id): 1 row repeats the key of another one (1 key); all are kept',
    'trips: key (id): 1 new row has a key that the version before has',
    'trips: order day: 1 new row stands before the last one of the version before',
  ]);
  expect(await command.succeeds('show', 'taxi.trips')).toMatch(
    /^appended +1 new file with 2 rows appended to version 1$/m,
  );
  expect(await command.succeeds('versions', 'taxi')).toContain(
    'Version 2: trips: 1 new file with 2 rows',
  );
});

test('engines see an append, whose older files are those of the snapshot before', async () => {
  await publish({ 'trips_2024-01-04.csv': FOURTH });
  expect(await command.succeeds('plan', 'taxi')).toContain(
    'of trips, new files alone are converted',
  );
  expect(await importTaxi()).toMatchObject({ appended: [{ files: 1, rows: 1, to: '2' }] });
  const { snapshots, ...table } = await metadata();
  expect(snapshots.map(({ summary }) => [summary.operation, summary['total-records']])).toEqual([
    ['append', '3'],
    ['append', '5'],
    ['append', '6'],
  ]);
  expect(snapshots[2]!.summary).toMatchObject({ 'added-data-files': '1', 'added-records': '1' });
  expect(snapshots[2]!['parent-snapshot-id']).toBe(snapshots[1]!['snapshot-id']);
  expect(table['current-snapshot-id']).toBe(snapshots[2]!['snapshot-id']);
  const deep = await command.run(['verify', 'taxi', '--deep']);
  expect(deep.exitCode, deep.stdout + deep.stderr).toBe(0);
  expect(deep.stdout).not.toMatch(/trips.*(skipped|not compared)/);
});

test('when old versions go, every part that a kept version needs stays; so it does after a rollback', async () => {
  await command.succeeds('rollback', 'taxi', '2');
  expect(await rowsOf()).toHaveLength(5);
  await command.succeeds('gc', '--apply');
  await command.succeeds('verify', 'taxi');
  expect(await rowsOf('taxi@3')).toHaveLength(6);
  // What was gone back from comes anew to what is current, and to its snapshot.
  await publish({ 'trips_2024-01-05.csv': FOURTH.replace('5,', '6,') });
  expect(await importTaxi()).toMatchObject({ appended: [{ files: 2, rows: 2, to: '2' }] });
  const { snapshots } = await metadata();
  const parent = snapshots.find(({ summary }) => summary['total-records'] === '5')!;
  expect(snapshots.at(-1)!['parent-snapshot-id']).toBe(parent['snapshot-id']);
  await command.succeeds('gc', '--apply');
  await command.succeeds('verify', 'taxi');
  expect(await rowsOf()).toHaveLength(7);
});

test('a part that the store has lost, or a forced import: all of it is stored anew, and told why', async () => {
  await site.removeObject((await trips()).parts[0]!.key);
  const again = await importTaxi();
  expect(again).toMatchObject({ outcome: 'published', rows: 7 });
  expect(again.appended).toBeUndefined();
  expect(again.warnings).toContainEqual(
    expect.stringMatching(/^trips: not appended .*: objects of it are gone from the store/),
  );
  expect(await rowsOf()).toHaveLength(7);
  await command.succeeds('verify', 'taxi');
  const forced = await importTaxi('--force');
  expect(forced.appended).toBeUndefined();
});

test('an older file that has changed makes a snapshot, with its reason', async () => {
  await publish({ 'trips_2024-01-02.csv': 'id,day,who,fare\n3,2024-01-02,,1\n' });
  const result = await importTaxi();
  expect(result).toMatchObject({ outcome: 'published' });
  expect(result.appended).toBeUndefined();
  expect(result.warnings).toContainEqual(
    'trips: not appended to the version before, but stored anew as a whole: trips_2024-01-02.csv has changed',
  );
  const { snapshots } = await metadata();
  expect(snapshots.at(-1)!.summary['operation']).toBe('overwrite');
  await command.succeeds('verify', 'taxi');
});

test('a type that new rows are not of is told by its column, without a value', async () => {
  await publish({ 'trips_2024-01-08.csv': 'id,day,who,fare\n8,soon,,1\n' });
  const { warnings } = await importTaxi();
  expect(warnings).toContainEqual(
    expect.stringMatching(/stored anew as a whole: column "day" of the new files is not DATE/),
  );
  expect(warnings.join()).not.toMatch(/soon|@/);
});

interface TableMetadata {
  readonly 'current-snapshot-id': number;
  readonly snapshots: ReadonlyArray<{
    readonly 'snapshot-id': number;
    readonly 'parent-snapshot-id'?: number;
    readonly summary: Readonly<Record<string, string>>;
  }>;
}

async function metadata(): Promise<TableMetadata> {
  const [row] = await site.query<{ location: string }>(
    `SELECT metadata_location AS location FROM iceberg_tables WHERE table_name = 'trips'`,
  );
  return JSON.parse(
    await site.readObject(row!.location.replace(/^s3:\/\/[^/]+\//, '')),
  ) as TableMetadata;
}
