/** Sources and cache through the real workflows: what a night costs, what a new version costs, and how an import waits. */
import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { PROGRESS_QUERY, RETRY_NOW_SIGNAL, TASK_QUEUES } from '../../src/contract.js';
import type { ImportProgress } from '../../src/contract.js';
import type { FixtureFiles } from '../../src/stack/kaggle-server/index.js';
import type { importAll } from '../../src/workflows/index.js';
import { eventually } from '../helpers/eventually.js';
import { ImportSite } from '../helpers/import-site.js';
import { noiseBytes } from '../helpers/noise-bytes.js';

/** PENDING_ACTIVITY_STATE_SCHEDULED of Temporal's API: no worker has it. */
const SCHEDULED = 1;

let site: ImportSite;
afterEach(() => site.close());

async function openSite(datasets: Record<string, FixtureFiles>): Promise<void> {
  site = await ImportSite.open({ datasets });
  await site.startWorker();
}

/** Does not compress well, so that bytes on the wire are those of the files. */
function noise(rows: number): string {
  const bytes = noiseBytes(rows * 48, String(rows)).toString('hex');
  const lines = Array.from(
    { length: rows },
    (_, n) => `${n},${bytes.slice(n * 96, n * 96 + 96)}\n`,
  );
  return `id,noise\n${lines.join('')}`;
}

async function importEverything() {
  const { counts } = await site.namespace.client.workflow.execute<typeof importAll>('importAll', {
    taskQueue: TASK_QUEUES.control,
    workflowId: 'import-all',
    args: [{}],
  });
  return counts;
}

const services = (from: number): string[] =>
  site.kaggle.requests.slice(from).map(({ host, service }) => service?.split('/')[1] ?? host);

test('a night without changes makes one request a dataset, and one more', async () => {
  const names = ['one', 'two', 'three', 'four', 'five'];
  await openSite(
    Object.fromEntries(names.map((name) => [name, { 'a.csv': `x\n${name.length}\n` }])),
  );
  expect(await importEverything()).toEqual({ published: names.length });
  const before = site.kaggle.requests.length;
  expect(await importEverything()).toEqual({ 'up-to-date': names.length });
  expect(services(before).sort()).toEqual([...names.map(() => 'GetDataset'), 'IntrospectToken']);
});

test('a new version transfers, converts and stores only what changed', async () => {
  const files = { 'big.csv': noise(8000), 'changing.csv': noise(300), 'small.csv': 'x\n1\n' };
  await openSite({ set: files });
  const first = await (await site.start('set')).result();
  expect(first).toMatchObject({
    outcome: 'published',
    tables: 3,
    carriedOver: 0,
    cacheHit: false,
  });
  const objectsBefore = await site.objects();

  const changed = noise(310);
  await site.kaggle.publishVersion('owner/set', { ...files, 'changing.csv': changed });
  const before = site.kaggle.requests.length;
  const second = await (await site.start('set')).result();
  expect(second).toMatchObject({
    outcome: 'published',
    version: '2',
    tables: 3,
    carriedOver: 2,
    rows: 310,
  });
  expect(second.transferredBytes).toBeLessThan(changed.length);
  const [auth, pin, ready, address, ...storage] = services(before);
  expect([auth, pin, ready, address]).toEqual([
    'IntrospectToken',
    'GetDataset',
    'GetDatasetStatus',
    'DownloadDataset',
  ]);
  expect(new Set(storage)).toEqual(new Set(['storage', 'GetDatasetMetadata']));

  const added = (await site.objects()).filter((key) => !objectsBefore.includes(key));
  // What is carried over keeps its snapshot; the metadata of each table names the tag of the new version.
  const kindOf = (key: string): string => {
    const name = key.slice(key.lastIndexOf('/') + 1);
    return /^snap|^manifest|metadata/.exec(name)?.[0] ?? name;
  };
  expect(added.map(kindOf).sort()).toEqual([
    ...['changing.parquet', 'croissant.json', 'datapackage.json'],
    ...['manifest', 'metadata', 'metadata', 'metadata', 'snap'],
  ]);
  const tables = await site.query<{ name: string; stored: string; from_version: string | null }>(
    `SELECT f.table_name AS name, f.file_name_in_storage AS stored, v.source_version AS from_version
     FROM dataset_files f
     JOIN datasets d ON d.current_version_id = f.version_id
     LEFT JOIN dataset_versions v ON v.id = f.carried_over_from
     WHERE f.logical_role = 'table' ORDER BY 1`,
  );
  expect(tables.map(({ name, from_version }) => [name, from_version])).toEqual([
    ['big', '1'],
    ['changing', null],
    ['small', '1'],
  ]);
  const [version] = await site.query<{ provenance: object }>(
    "SELECT provenance FROM dataset_versions WHERE source_version = '2'",
  );
  const totalBytes = Object.values({ ...files, 'changing.csv': changed }).join('').length;
  expect(version?.provenance).toMatchObject({
    ...{ kind: 'kaggle', reference: 'owner/set', version: '2', totalBytes },
    lastUpdated: '2024-01-02T00:00:00.000Z',
    usability: expect.any(Number) as number,
    url: 'https://www.kaggle.com/datasets/owner/set',
  });
  for (const { stored, from_version } of tables) {
    expect(objectsBefore.includes(stored)).toBe(from_version === '1');
    expect(await site.objects()).toContain(stored);
  }
});

test('what was unpacked on the way is gone with the import', async () => {
  await openSite({ set: { 'a.csv': noise(2000) } });
  await (await site.start('set')).result();
  const cache = readdirSync(join(site.folder, 'one', 'cache'), {
    recursive: true,
    encoding: 'utf8',
  });
  expect(cache.filter((name) => name.includes('archive.zip'))).toHaveLength(1);
  expect(cache.filter((name) => name.includes('inflated'))).toEqual([]);
});

test('too many requests: the server waits, as long as it is asked to, and holds no worker', async () => {
  await openSite({ set: { 'a.csv': 'x\n1\n' }, other: { 'a.csv': 'x\n1\n' } });
  const match = { service: 'GetDataset', dataset: 'owner/set' };
  site.kaggle.faults.add({ kind: 'too-many-requests', retryAfterSeconds: 3600, match });
  const handle = await site.start('set');
  const pending = async () => (await handle.describe()).raw.pendingActivities?.[0];
  const isRefused = async () => (await pending())?.lastFailure?.applicationFailureInfo != null;
  await eventually('the server knows of the refusal', isRefused);
  const { lastFailure, scheduledTime, state } = (await pending())!;
  expect(lastFailure?.applicationFailureInfo?.type).toBe('RATE_LIMITED');
  expect(state).toBe(SCHEDULED);
  expect(Number(scheduledTime?.seconds)).toBeGreaterThan(Date.now() / 1000 + 3000);
  expect(await (await site.start('other')).result()).toMatchObject({ outcome: 'published' });
  await handle.cancel();
  await expect(handle.result()).rejects.toThrow();
});

test('an expired download goes by itself, also when nothing is imported', async () => {
  site = await ImportSite.open({ datasets: { set: { 'a.csv': 'x\n1\n' } } });
  const partial = join(site.folder, 'one', 'cache', 'entries', 'old', 'partial');
  mkdirSync(partial, { recursive: true });
  const file = join(partial, 'x.partial');
  writeFileSync(file, 'bytes');
  const threeDaysAgo = Date.now() / 1000 - 3 * 86_400;
  utimesSync(file, threeDaysAgo, threeDaysAgo);
  await site.startWorker();
  await eventually('the old download is gone', () => !existsSync(partial));
});

test.each([
  ['a version that is not ready', { kind: 'not-ready', times: 'always' }, /preparing/],
  [
    'rules that were not accepted',
    {
      kind: 'status',
      status: 403,
      message: 'You must accept the rules of this dataset',
      match: { service: 'GetDataset' },
      times: 'always',
    },
    /accept the rules/,
  ],
] as const)(
  '%s: the import waits in sight, and goes on when told to',
  async (_name, fault, reason) => {
    await openSite({ set: { 'a.csv': 'x\n1\n' } });
    site.kaggle.faults.add(fault);
    const handle = await site.start('set');
    // Refused by the server while the import has not begun.
    const progress = () =>
      handle.query<ImportProgress>(PROGRESS_QUERY).catch((): undefined => undefined);
    await eventually('the import waits', async () => (await progress())?.stage === 'waiting');
    expect((await progress())?.waitingFor).toMatch(reason);
    site.kaggle.faults.clear();
    await handle.signal(RETRY_NOW_SIGNAL);
    expect(await handle.result()).toMatchObject({ outcome: 'published' });
  },
);
