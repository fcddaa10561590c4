/** The same promises from both backends: MinIO and Azure Blob Storage (Azurite). */
import { truncate, writeFile } from 'node:fs/promises';
import { Client } from 'minio';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createObjectStore, type ObjectStore } from '../../src/store/index.js';
import { startAzurite, type Azurite } from '../helpers/azurite.js';
import { sampleFiles, type SampleFiles } from '../helpers/sample-files.js';
import { azure, minio, put } from '../helpers/stores-for-test.js';

const MIB = 1024 * 1024;
const signal = new AbortController().signal;

let azurite: Azurite;
let files: SampleFiles;

beforeAll(async () => {
  azurite = await startAzurite();
  files = await sampleFiles();
});
afterAll(async () => {
  await files.remove();
  await azurite.stop();
});

describe.each([
  ['minio', minio],
  ['azure', () => azure(azurite.connectionString)],
])('%s', (_backend, options) => {
  let store: ObjectStore;

  beforeAll(async () => {
    store = createObjectStore(options());
    await store.ensureReady(signal);
  });
  afterAll(() => store.close());

  test('several workers create the same bucket at once', async () => {
    const fresh = options();
    const stores = Array.from({ length: 4 }, () => createObjectStore(fresh));
    await Promise.all(stores.map((one) => one.ensureReady(signal)));
    await stores[0]!.ensureReady(signal);
    expect(await stores[0]!.list('')).toEqual([]);
    await Promise.all(stores.map((one) => one.close()));
  });

  test.each([
    ['empty', 0],
    ['small', 1000],
    ['of several parts', 40 * MIB + 1],
  ])('stores a file that is %s, and sends it once', async (kind, bytes) => {
    const file = await files.make(bytes);
    const key = `once/${kind}.parquet`;
    const sent: number[] = [];
    const onProgress = ({ sentBytes }: { sentBytes: number }) => sent.push(sentBytes);
    const stored = { key, bytes, sha256: file.sha256 };
    expect(await put(store, key, file, { onProgress })).toEqual({ ...stored, transferred: true });
    expect(sent.at(-1) ?? 0).toBe(bytes);
    const count = sent.length;
    expect(await put(store, key, file, { onProgress })).toEqual({ ...stored, transferred: false });
    expect(sent).toHaveLength(count);
    expect(await store.head(key)).toMatchObject({ bytes, sha256: file.sha256 });
  });

  test('never rewrites a published object, whatever its size', async () => {
    const [first, second] = [await files.make(500), await files.make(500)];
    await put(store, 'conflict.parquet', first);
    await expect(put(store, 'conflict.parquet', second)).rejects.toMatchObject({
      code: 'OBJECT_CONFLICT',
      message: expect.stringContaining(second.sha256),
    });
    expect(await store.head('conflict.parquet')).toMatchObject({ sha256: first.sha256 });
  });

  test('replaces the leftover of an unpublished attempt when told to', async () => {
    const [first, second] = [await files.make(500), await files.make(600)];
    await put(store, 'leftover.parquet', first);
    await put(store, 'leftover.parquet', second, { replace: true });
    expect(await store.head('leftover.parquet')).toMatchObject({ sha256: second.sha256 });
  });

  test('of two workers with other bytes for one key, one wins and the other is told', async () => {
    const [first, second] = [await files.make(2 * MIB), await files.make(2 * MIB)];
    const outcomes = await Promise.allSettled([
      put(store, 'race.parquet', first),
      put(store, 'race.parquet', second),
    ]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const refused = outcomes.find(({ status }) => status === 'rejected') as PromiseRejectedResult;
    expect(refused.reason).toMatchObject({ code: 'OBJECT_CONFLICT' });
    const winner = outcomes[0].status === 'fulfilled' ? first : second;
    expect(await store.head('race.parquet')).toMatchObject({ sha256: winner.sha256 });
  });

  test.each([
    ['small', 1000],
    ['of several parts', 20 * MIB],
  ])('a file that changed since its conversion, %s, is not stored', async (kind, bytes) => {
    const key = `changed/${kind}.parquet`;
    const changed = await files.make(bytes);
    await writeFile(changed.path, Buffer.alloc(bytes, 1));
    await expect(put(store, key, changed)).rejects.toMatchObject({ code: 'OBJECT_VERIFY_FAILED' });
    await truncate(changed.path, bytes - 1);
    await expect(put(store, key, changed)).rejects.toMatchObject({ code: 'OBJECT_VERIFY_FAILED' });
    expect(await store.head(key)).toBeUndefined();
    expect(await store.list('changed/')).toEqual([]);
  });

  test('a cancelled upload leaves no object, and the next attempt succeeds', async () => {
    const file = await files.make(40 * MIB);
    const controller = new AbortController();
    const upload = put(store, 'cancelled.parquet', file, {
      signal: controller.signal,
      onProgress: () => controller.abort(new Error('cancelled by a person')),
    });
    await expect(upload).rejects.toThrow('cancelled by a person');
    expect(await store.head('cancelled.parquet')).toBeUndefined();
    expect(await store.list('cancelled')).toEqual([]);
    expect(await put(store, 'cancelled.parquet', file)).toMatchObject({ transferred: true });
  });

  test('a pointer is rewritten, read, listed and removed', async () => {
    await store.putMutable('pointer/current.json', '{"version":"1"}', 'application/json');
    await store.putMutable('pointer/current.json', '{"version":"é"}', 'application/json');
    expect(await store.getText('pointer/current.json')).toBe('{"version":"é"}');
    expect(await store.list('pointer/')).toEqual(['pointer/current.json']);
    await store.remove(['pointer/current.json', 'pointer/absent.json']);
    expect(await store.list('pointer/')).toEqual([]);
    await expect(store.getText('pointer/current.json')).rejects.toMatchObject({
      code: 'OBJECT_MISSING',
    });
  });

  test('answers a ping, also before the bucket exists', async () => {
    const fresh = createObjectStore(options());
    await expect(fresh.ping(signal)).resolves.toBeDefined();
    await fresh.close();
    await expect(store.ping(signal)).resolves.toHaveProperty('version');
  });

  test('a missing bucket is named', async () => {
    const fresh = createObjectStore(options());
    const file = await files.make(10);
    await expect(put(fresh, 'x.parquet', file)).rejects.toMatchObject({
      code: 'STORE_BUCKET_MISSING',
      message: expect.stringContaining(fresh.description),
    });
    await fresh.close();
  });
});

test('parts of a killed upload are taken away by the next attempt, and none stay after a cancellation', async () => {
  const { MINIO_ENDPOINT, MINIO_ACCESS_KEY, MINIO_SECRET_KEY } = inject('stack');
  const options = minio();
  const store = createObjectStore(options);
  await store.ensureReady(signal);
  const { hostname, port } = new URL(`http://${MINIO_ENDPOINT.replace(/^https?:\/\//, '')}`);
  const client = new Client({
    endPoint: hostname,
    port: Number(port),
    useSSL: false,
    accessKey: MINIO_ACCESS_KEY,
    secretKey: MINIO_SECRET_KEY,
  });
  const unfinished = () => client.findUploadId(options.bucket, 'killed.parquet');
  await client.initiateNewMultipartUpload(options.bucket, 'killed.parquet', {});
  await client.initiateNewMultipartUpload(options.bucket, 'killed.parquet', {});
  expect(await unfinished()).toBeTruthy();
  const file = await files.make(20 * MIB);
  const controller = new AbortController();
  const cancelled = put(store, 'killed.parquet', file, {
    signal: controller.signal,
    onProgress: () => controller.abort(new Error('cancelled')),
  });
  await expect(cancelled).rejects.toThrow('cancelled');
  expect(await unfinished()).toBeUndefined();
  await put(store, 'killed.parquet', file);
  expect(await unfinished()).toBeUndefined();
  await store.close();
});
