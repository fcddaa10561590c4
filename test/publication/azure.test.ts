/** What is published in Azure Blob Storage is looked after as it is in S3: gc, clean-up, rollback, what lies is found. */
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BlobServiceClient, type ContainerClient } from '@azure/storage-blob';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Catalog } from '../../src/catalog/index.js';
import { withEngine } from '../../src/convert/engine.js';
import { collectGarbage } from '../../src/publication/gc.js';
import { goBack } from '../../src/publication/go-back.js';
import { removeLeftovers } from '../../src/publication/leftovers.js';
import { verifyPublication } from '../../src/publication/verify-publication.js';
import { chooseVersion } from '../../src/published/index.js';
import { createObjectStore, type ObjectStore } from '../../src/store/index.js';
import { startAzurite, type Azurite } from '../helpers/azurite.js';
import { iceberg, storeAndPublish } from '../helpers/stored-publication.js';
import { azure } from '../helpers/stores-for-test.js';
import { createTestCatalog, type TestCatalog } from '../helpers/test-database.js';

const { signal } = new AbortController();
let azurite: Azurite;
let database: TestCatalog;
let catalog: Catalog;
let store: ObjectStore;
let container: ContainerClient;
let directory: string;

beforeAll(async () => {
  azurite = await startAzurite();
  database = await createTestCatalog();
  ({ catalog } = database);
  const place = azure(azurite.connectionString);
  store = await createObjectStore({ ...place, root: 'team/' });
  const service = BlobServiceClient.fromConnectionString(azurite.connectionString);
  container = service.getContainerClient(place.container);
  directory = await mkdtemp(join(tmpdir(), 'kaggle-import-azure-'));
});
afterAll(async () => {
  await rm(directory, { recursive: true });
  await store.close();
  await database.drop();
  await azurite.stop();
});

/** Files of Iceberg are looked at in `iceberg.test.ts`. */
const keys = async () =>
  (await store.list(''))
    .map(({ key }) => key)
    .filter((key) => !key.includes('/iceberg/'))
    .sort();
const states = async () =>
  (await catalog.findVersions('people')).map((one) => `${one.sourceVersion} ${one.state}`);
const pointer = async () => {
  const { text } = (await store.getText('team/datasets/people/current.json'))!;
  return JSON.parse(text) as { version: string; generation: number };
};

test('a version goes, a person goes back, and nobody else loses anything', async () => {
  const versions = [];
  for (const version of ['1', '2', '3']) {
    versions.push(await storeAndPublish({ catalog, store }, 'people', version, { t: [version] }));
  }
  const lost = 'team/datasets/people/v0-of-nobody/t.parquet';
  const foreign = ['team/datasets/unknown/v1/t.parquet', 'other-team/datasets/people/v1/t.parquet'];
  for (const key of [lost, ...foreign]) await container.getBlockBlobClient(key).upload('x', 1);
  const before = await keys();
  const { prefix } = versions[0]!.publication;
  const settings = { keepVersions: 2, graceSeconds: 0 };
  const garbage = await collectGarbage({ catalog, store, iceberg }, settings, signal);
  expect(garbage.versions.map(({ sourceVersion }) => sourceVersion)).toEqual(['1']);
  expect(garbage.orphans.map(({ key }) => key)).toEqual([lost]);
  const left = await keys();
  expect(left).toEqual(before.filter((key) => key !== lost && !key.startsWith(`${prefix}/`)));
  expect(left).toEqual(expect.arrayContaining(foreign));
  expect(await states()).toEqual(['3 current', '2 superseded', '1 removed']);

  const all = await catalog.findVersions('people');
  const back = chooseVersion(all, 'people', '2');
  expect(await goBack({ catalog, store, iceberg }, 'people', back, signal)).toBe(true);
  expect(await states()).toEqual(['3 superseded', '2 current', '1 removed']);
  expect(await pointer()).toMatchObject({ version: '2' });
});

test('of a run that did not publish, its own blobs go, those begun in parts too, and no others', async () => {
  const run = { workflowId: 'import:people', runId: 'cut-off' };
  const prefix = 'team/datasets/people/v4-00000000-11111111';
  await catalog.startImport({ dataset: 'people', ...run, startedAt: new Date().toISOString() });
  await catalog.claimPrefix(prefix, 'people', run, [`${prefix}/large.parquet`]);
  const before = await keys();
  await container.getBlockBlobClient(`${prefix}/t.parquet`).upload('x', 1);
  // As an upload that was cut off leaves them: all ids of one blob are of one length.
  const block = Buffer.from('0123456789abcdef-000000').toString('base64');
  await container.getBlockBlobClient(`${prefix}/large.parquet`).stageBlock(block, 'x', 1);
  await container.getBlockBlobClient(`${prefix}-of-another/t.parquet`).upload('x', 1);
  expect(await removeLeftovers({ catalog, store }, prefix, run, signal)).toBe(1);
  expect(await keys()).toEqual([...before, `${prefix}-of-another/t.parquet`].sort());
  // A key that only has blocks is free: another upload is not refused.
  const file = join(directory, 'large');
  await writeFile(file, 'y');
  const sha256 = createHash('sha256').update('y').digest('hex');
  const put = { bytes: 1, sha256, contentType: 'text/plain', signal };
  expect(await store.putImmutable(`${prefix}/large.parquet`, file, put)).toMatchObject({
    transferred: true,
  });
});

test('a blob of the same size with the metadata of the right one is found, and put back in one step', async () => {
  const { publication } = await storeAndPublish({ catalog, store }, 'lied', '1', { t: ['a'] });
  const { key, bytes, sha256 } = publication.tables[0]!.objects[0]!;
  const blob = container.getBlockBlobClient(key);
  const right = await blob.downloadToBuffer();
  const wrong = Buffer.from(right);
  wrong[10]! ^= 1;
  await blob.upload(wrong, wrong.length, { metadata: { sha256 } });
  const verify = () => {
    const engine = { memoryLimitBytes: 200_000_000, temporaryDirectory: join(directory, 'spill') };
    return withEngine({ ...engine, signal, place: 'test' }, (connection) =>
      verifyPublication(
        { dataset: 'lied' },
        { catalog, store, connection, directory },
        { signal, onBytes: () => undefined },
      ),
    );
  };
  expect((await verify()).problems).toMatchObject([{ key, what: 'altered' }]);
  const file = join(directory, 'right');
  await writeFile(file, right);
  const put = { bytes, sha256, contentType: 'application/octet-stream', signal };
  const { etag } = (await store.head(key))!;
  expect(await store.putBack(key, file, put, etag)).toBe(true);
  expect((await verify()).problems).toEqual([]);
});
