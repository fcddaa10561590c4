/** S3 and Azure prefixes, against real servers of both kinds. */
import { BlobServiceClient } from '@azure/storage-blob';
import { Client } from 'minio';
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { readFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import type { Sources } from '../../src/source/index.js';
import { startAzurite, type Azurite } from '../helpers/azurite.js';
import {
  cacheForTest,
  datasetEntry,
  failureOf,
  obtainOptions,
  signal,
  sourcesForTest,
} from '../helpers/kaggle-for-test.js';
import { startSilentServer } from '../helpers/silent-server.js';

const NOWHERE = 'http://127.0.0.1:9';
const BUCKET = `source-${randomUUID()}`;
const OBJECTS = { 'set/a.csv': 'x\n1\n', 'set/b/c d.csv': 'y\n2\n', 'other/z.csv': 'z\n' };

async function obtain(sources: Sources, source: object) {
  const entry = datasetEntry({ source });
  const { cache } = await cacheForTest(sources);
  const pin = await sources.pin(entry, { signal });
  const { key } = await cache.obtain(entry, pin, obtainOptions);
  const files = [];
  for (const { path, absolutePath } of await cache.files(key)) {
    files.push([path, await readFile(absolutePath, 'utf8')]);
  }
  return { pin, files: Object.fromEntries(files) as Record<string, string> };
}

const EXPECTED = { 'a.csv': 'x\n1\n', 'b/c d.csv': 'y\n2\n' };

describe('s3', () => {
  const stack = inject('stack');
  const [host = '', port] = stack.MINIO_ENDPOINT.split(':');
  const [accessKey, secretKey] = [stack.MINIO_ACCESS_KEY, stack.MINIO_SECRET_KEY];
  const client = new Client({
    endPoint: host,
    port: Number(port),
    useSSL: false,
    accessKey,
    secretKey,
  });
  const s3 = { endpoint: stack.MINIO_ENDPOINT, accessKey, secretKey, useSsl: false };

  beforeAll(async () => {
    await client.makeBucket(BUCKET);
    for (const [key, text] of Object.entries(OBJECTS)) await client.putObject(BUCKET, key, text);
  });

  test('the objects below a prefix are the files; a changed one is a new version', async () => {
    const sources = sourcesForTest(NOWHERE, { s3 });
    const { pin, files } = await obtain(sources, { s3: `s3://${BUCKET}/set/` });
    expect(files).toEqual(EXPECTED);
    expect(pin).toMatchObject({ reference: `s3://${BUCKET}/set/`, totalBytes: 8 });
    await client.putObject(BUCKET, 'set/a.csv', 'x\n5\n');
    const entry = datasetEntry({ source: { s3: `${BUCKET}/set/` } });
    const again = await sources.pin(entry, { signal });
    await client.putObject(BUCKET, 'set/a.csv', OBJECTS['set/a.csv']);
    expect(again.version).not.toBe(pin.version);
  });

  test('objects that changed after the version was pinned are no version', async () => {
    const sources = sourcesForTest(NOWHERE, { s3 });
    const entry = datasetEntry({ source: { s3: `${BUCKET}/set/` } });
    const pin = await sources.pin(entry, { signal });
    await client.putObject(BUCKET, 'set/late.csv', 'x\n7\n');
    const failure = await failureOf(sources.listFiles(entry, pin, { signal }));
    await client.removeObject(BUCKET, 'set/late.csv');
    expect(failure.code).toBe('SOURCE_CHANGED');
    expect(await sources.listFiles(entry, pin, { signal })).toHaveLength(2);
  });

  test('a store that says nothing is left at once when the import is cancelled', async () => {
    const silent = await startSilentServer();
    onTestFinished(() => silent.close());
    const sources = sourcesForTest(NOWHERE, { s3: { ...s3, endpoint: silent.address } });
    const cancel = new AbortController();
    const entry = datasetEntry({ source: { s3: `${BUCKET}/set/` } });
    const work = sources.pin(entry, { signal: cancel.signal });
    await Promise.all([expect(work).rejects.toThrow('cancelled by the test'), abortWhenAsked()]);

    async function abortWhenAsked(): Promise<void> {
      await silent.asked();
      cancel.abort(new Error('cancelled by the test'));
    }
  });

  test.each([
    ['a missing bucket', s3, `${BUCKET}-none/set`, 'SOURCE_NOT_FOUND'],
    ['an empty prefix', s3, `${BUCKET}/nothing`, 'SOURCE_NOT_FOUND'],
    ['a wrong key', { ...s3, secretKey: 'wrong-wrong' }, `${BUCKET}/set`, 'CREDENTIALS_REJECTED'],
    ['no server', { ...s3, endpoint: '127.0.0.1:9' }, `${BUCKET}/set`, 'SOURCE_UNREACHABLE'],
    ['no endpoint', {}, `${BUCKET}/set`, 'ENVIRONMENT_INVALID'],
  ])('%s has its code', async (_name, options, prefix, code) => {
    const work = obtain(sourcesForTest(NOWHERE, { s3: options }), { s3: prefix });
    expect((await failureOf(work)).code).toBe(code);
  });
});

describe('azure', () => {
  let azurite: Azurite;

  beforeAll(async () => {
    azurite = await startAzurite();
    const service = BlobServiceClient.fromConnectionString(azurite.connectionString);
    const { containerClient } = await service.createContainer(BUCKET);
    for (const [key, text] of Object.entries(OBJECTS)) {
      await containerClient.getBlockBlobClient(key).upload(text, text.length);
    }
  });
  afterAll(() => azurite.stop());

  test('the blobs below a prefix are the files', async () => {
    const { connectionString } = azurite;
    const sources = sourcesForTest(NOWHERE, { azure: { connectionString } });
    const { files } = await obtain(sources, { azure: `azure://${BUCKET}/set/` });
    expect(files).toEqual(EXPECTED);
  });

  test('a missing container and a wrong key have their codes', async () => {
    const { connectionString, wrongKey } = azurite;
    const known = sourcesForTest(NOWHERE, { azure: { connectionString } });
    const missing = obtain(known, { azure: 'no-such-container/set' });
    expect((await failureOf(missing)).code).toBe('SOURCE_NOT_FOUND');
    const stranger = sourcesForTest(NOWHERE, { azure: { connectionString: wrongKey } });
    const refused = obtain(stranger, { azure: `${BUCKET}/set/` });
    expect((await failureOf(refused)).code).toMatch(/CREDENTIALS_REJECTED|SOURCE_FORBIDDEN/);
  });
});
