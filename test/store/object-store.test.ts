/** The same promises from both backends: MinIO and Azure Blob Storage (Azurite). */
import { truncate, writeFile } from 'node:fs/promises';
import { Client } from 'minio';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { ImportError } from '../../src/errors/index.js';
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
])('%s', (backend, options) => {
  let store: ObjectStore;

  beforeAll(async () => {
    store = await createObjectStore(options());
    await store.ensureReady(signal);
  });
  afterAll(() => store.close());

  test('engines are told where an object is', () => {
    expect(store.location('a/b.parquet')).toMatch(
      backend === 'minio'
        ? /^s3:\/\/[\w-]+\/a\/b\.parquet$/
        : /^abfss:\/\/[\w-]+@devstoreaccount1\.dfs\.core\.windows\.net\/a\/b\.parquet$/,
    );
  });

  test('several workers create the same bucket at once', async () => {
    const fresh = options();
    const stores = await Promise.all(Array.from({ length: 4 }, () => createObjectStore(fresh)));
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

  test.each([
    ['one request each', 2 * MIB],
    ['several parts each', 20 * MIB],
  ])('of two workers with other bytes for one key, one wins: %s', async (kind, bytes) => {
    const key = `race/${kind}.parquet`;
    const [first, second] = [await files.make(bytes), await files.make(bytes)];
    const outcomes = await Promise.allSettled([put(store, key, first), put(store, key, second)]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const refused = outcomes.find(({ status }) => status === 'rejected') as PromiseRejectedResult;
    // Parts of an upload that another one has taken away are no longer there to be joined.
    expect(['OBJECT_CONFLICT', 'STORE_FAILED']).toContain((refused.reason as ImportError).code);
    const winner = outcomes[0].status === 'fulfilled' ? first : second;
    expect(await store.head(key)).toMatchObject({ sha256: winner.sha256 });
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

  test('a pointer is written over what was read, and over nothing else', async () => {
    const key = 'pointer/current.json';
    expect(await store.getText(key)).toBeUndefined();
    expect(await store.putText(key, '{"version":"1"}')).toBe(true);
    expect(await store.putText(key, '{"version":"other"}')).toBe(false);
    const first = await store.getText(key);
    expect(await store.putText(key, '{"version":"é"}', first!.etag)).toBe(true);
    // Whoever has read the first one stands still no longer.
    expect(await store.putText(key, '{"version":"late"}', first!.etag)).toBe(false);
    expect(await store.getText(key)).toMatchObject({ text: '{"version":"é"}' });
    const listed = await store.list('pointer/');
    expect(listed).toEqual([{ key, bytes: 16, modifiedMs: expect.any(Number) }]);
    expect(Math.abs(Date.now() - listed[0]!.modifiedMs)).toBeLessThan(3_600_000);
    await store.remove([key, 'pointer/absent.json']);
    expect(await store.list('pointer/')).toEqual([]);
    expect(await store.putText(key, '{}', first!.etag)).toBe(false);
  });

  test.each([
    ['in one request', 1000],
    ['in several parts', 20 * MIB],
  ])('the right bytes take the place of wrong ones in one step: %s', async (kind, bytes) => {
    const key = `back/${kind}.parquet`;
    const [right, wrong] = [await files.make(bytes), await files.make(bytes)];
    const putBack = (over: string | undefined) => {
      const { path, sha256 } = right;
      const contentType = 'application/octet-stream';
      return store.putBack(key, path, { bytes, sha256, contentType, signal }, over);
    };
    // What lies: another file's bytes under the checksum of the right one.
    const liar = { ...wrong, sha256: right.sha256 };
    await expect(put(store, key, liar)).rejects.toMatchObject({ code: 'OBJECT_VERIFY_FAILED' });
    expect(await putBack('0123456789abcdef0123456789abcdef')).toBe(false);
    expect(await putBack(undefined)).toBe(true);
    const { etag } = (await store.head(key))!;
    await store.remove([key]);
    expect(await putBack(etag)).toBe(false);
    await put(store, key, wrong);
    const over = (await store.head(key))!.etag;
    expect(await putBack(undefined)).toBe(false);
    expect(await putBack(over)).toBe(true);
    expect(await store.head(key)).toMatchObject({ bytes, sha256: right.sha256 });
    // Whoever is late leaves what is there now.
    expect(await putBack(over)).toBe(false);
  });

  test('answers a ping, also before the bucket exists', async () => {
    const fresh = await createObjectStore(options());
    await expect(fresh.ping(signal)).resolves.toBeDefined();
    await fresh.close();
    await expect(store.ping(signal)).resolves.toHaveProperty('version');
  });

  test('a missing bucket is named', async () => {
    const fresh = await createObjectStore(options());
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
  const store = await createObjectStore(options);
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
