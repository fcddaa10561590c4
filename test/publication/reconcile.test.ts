/** Imports that ended without a word reach their right end: rows, objects, parts of uploads; nobody else’s do. */
import { randomUUID } from 'node:crypto';
import { Client as Minio } from 'minio';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Catalog } from '../../src/catalog/index.js';
import { TASK_QUEUES } from '../../src/contract.js';
import { reconcile } from '../../src/publication/reconcile.js';
import { createObjectStore, type ObjectStore } from '../../src/store/index.js';
import { runsOf } from '../../src/temporal/run-ends.js';
import { sampleFiles, type SampleFiles } from '../helpers/sample-files.js';
import { samplePublication } from '../helpers/sample-publication.js';
import { minio, put } from '../helpers/stores-for-test.js';
import { createTestCatalog, type TestCatalog } from '../helpers/test-database.js';
import { createTestNamespace, type TestNamespace } from '../helpers/test-namespace.js';

const { signal } = new AbortController();
const place = minio();
const startedAt = new Date().toISOString();
let namespace: TestNamespace;
let database: TestCatalog;
let catalog: Catalog;
let store: ObjectStore;
let files: SampleFiles;
let client: Minio;
let sql: pg.Pool;

beforeAll(async () => {
  namespace = await createTestNamespace();
  database = await createTestCatalog();
  ({ catalog } = database);
  store = await createObjectStore(place);
  await store.ensureReady(signal);
  files = await sampleFiles();
  sql = new pg.Pool({ connectionString: database.url });
  const { hostname, port } = new URL(`http://${place.endpoint.replace(/^https?:\/\//, '')}`);
  const { accessKey, secretKey } = place;
  client = new Minio({
    endPoint: hostname,
    port: Number(port),
    useSSL: false,
    accessKey,
    secretKey,
  });
});
afterAll(async () => {
  await store.close();
  await sql.end();
  await files.remove();
  await database.drop();
  await namespace.close();
});

const tidy = async () => reconcile({ catalog, store }, await runsOf(namespace.client), signal);
const keys = async (prefix: string) => (await store.list(prefix)).map(({ key }) => key);
const recorded = async (runId: string) =>
  (await sql.query('SELECT outcome, error_message FROM imports WHERE run_id = $1', [runId]))
    .rows[0];

/** An import that has stored an object and begun a large one, as nobody works on it. */
async function begin(dataset: string, options: object = {}) {
  const workflowId = `import:${dataset}`;
  const handle = await namespace.client.workflow.start('importDataset', {
    ...{ taskQueue: TASK_QUEUES.control, workflowId, args: [{ dataset }] },
    ...options,
  });
  const run = { workflowId, runId: handle.firstExecutionRunId };
  const { namespaceId } = await runsOf(namespace.client);
  await catalog.startImport({ dataset, ...run, startedAt, namespaceId });
  const prefix = `datasets/${dataset}/v1-00000000-11111111`;
  const large = `${prefix}/large.parquet`;
  await catalog.claimPrefix(prefix, dataset, run, [large]);
  await put(store, `${prefix}/small.parquet`, await files.make(10));
  await client.initiateNewMultipartUpload(place.bucket, large, {});
  return { handle, run, prefix, large };
}

test('a run that goes on keeps everything', async () => {
  const { prefix, large, run } = await begin('goes-on');
  expect(await tidy()).toEqual({ closed: [], removedObjects: 0 });
  expect(await keys(prefix)).toHaveLength(1);
  expect(await client.findUploadId(place.bucket, large)).toBeTruthy();
  expect(await recorded(run.runId)).toMatchObject({ outcome: 'running' });
});

test('of a terminated run nothing is left, and its row says so', async () => {
  const { handle, run, prefix, large } = await begin('terminated');
  await put(store, 'datasets/terminated/v1-other/kept.parquet', await files.make(10));
  await handle.terminate('by a test');
  expect(await tidy()).toEqual({ closed: ['terminated'], removedObjects: 1 });
  expect(await keys('datasets/terminated/')).toEqual(['datasets/terminated/v1-other/kept.parquet']);
  expect(await client.findUploadId(place.bucket, large)).toBeUndefined();
  expect(await recorded(run.runId)).toEqual({
    outcome: 'terminated',
    error_message: expect.stringContaining('by a test'),
  });
  expect(await tidy()).toEqual({ closed: [], removedObjects: 0 });
  // What a worker that was cut off stores afterwards is looked for once more, a day later.
  await put(store, `${prefix}/late.parquet`, await files.make(10));
  await sql.query(`UPDATE object_prefixes SET removed_at = now() - interval '2 days'
    WHERE prefix = '${prefix}'`);
  expect(await tidy()).toEqual({ closed: [], removedObjects: 1 });
  expect(await keys(prefix)).toEqual([]);
  const left = await sql.query('SELECT FROM object_prefixes WHERE prefix = $1', [prefix]);
  expect(left.rowCount).toBe(0);
});

test('a run that Temporal has timed out is recorded as such', async () => {
  const { handle, run } = await begin('late', { workflowExecutionTimeout: '1 second' });
  await expect(handle.result()).rejects.toThrow();
  await tidy();
  expect(await recorded(run.runId)).toMatchObject({ outcome: 'timed-out' });
});

test('a terminated run that had published keeps its version, and its pointer is moved', async () => {
  const { handle, run, prefix } = await begin('committed');
  const publication = samplePublication('committed', '1', { people: 'a' });
  await catalog.publish({ ...publication, ...run, prefix });
  await handle.terminate();
  // A store that is away: the row stays open, for only open rows are looked at again.
  const away = await createObjectStore({ ...place, endpoint: '127.0.0.1:9' });
  const runs = await runsOf(namespace.client);
  await expect(reconcile({ catalog, store: away }, runs, signal)).rejects.toMatchObject({
    code: 'STORE_UNREACHABLE',
  });
  await away.close();
  expect(await recorded(run.runId)).toMatchObject({ outcome: 'running' });
  await tidy();
  expect(await keys('datasets/committed/')).toEqual([
    'datasets/committed/current.json',
    `${prefix}/small.parquet`,
  ]);
  expect(JSON.parse((await store.getText('datasets/committed/current.json'))!.text)).toMatchObject({
    prefix,
    generation: 1,
  });
});

test('runs of other namespaces are theirs; what ours has forgotten is lost', async () => {
  const theirs = { workflowId: 'import:theirs', runId: randomUUID() };
  const forgotten = { workflowId: 'import:forgotten', runId: randomUUID() };
  const { namespaceId } = await runsOf(namespace.client);
  const other = randomUUID();
  await catalog.startImport({ dataset: 'theirs', ...theirs, startedAt, namespaceId: other });
  await catalog.startImport({ dataset: 'forgotten', ...forgotten, startedAt, namespaceId });
  await catalog.claimPrefix('datasets/theirs/v1-x', 'theirs', theirs, []);
  await put(store, 'datasets/theirs/v1-x/a.parquet', await files.make(10));
  expect(await tidy()).toEqual({ closed: ['forgotten'], removedObjects: 0 });
  expect(await keys('datasets/theirs/')).toHaveLength(1);
  expect(await recorded(theirs.runId)).toMatchObject({ outcome: 'running' });
  expect(await recorded(forgotten.runId)).toMatchObject({ outcome: 'lost' });
});
