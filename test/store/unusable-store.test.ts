/** Stores that cannot be used: wrong keys, wrong addresses, silence. Each is named, and no secret with it. */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createObjectStore } from '../../src/store/index.js';
import { startAzurite, type Azurite } from '../helpers/azurite.js';
import { azure, minio } from '../helpers/stores-for-test.js';

const signal = new AbortController().signal;

let azurite: Azurite;

beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.stop());

test.each([
  ['minio', () => minio({ secretKey: 'not-the-secret' })],
  ['minio, another user', () => minio({ accessKey: 'nobody', secretKey: 'not-the-secret' })],
  ['azure', () => azure(azurite.wrongKey)],
])('wrong keys are told apart from an unreachable store, and not shown: %s', async (_, options) => {
  const store = await createObjectStore(options());
  const calls = [() => store.ping(signal), () => store.ensureReady(signal), () => store.head('x')];
  for (const call of calls) {
    const error: unknown = await call().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'STORE_FORBIDDEN', exitCode: 3 });
    expect(String(error)).not.toMatch(/not-the-secret|bm90IHRoZSBrZXk/);
  }
  await store.close();
});

test.each([
  ['minio', () => minio({ endpoint: '127.0.0.1:1' }), 'http://127.0.0.1:1'],
  ['minio over TLS', () => minio({ useSsl: true }), 'https://'],
  [
    'azure',
    () => azure(azurite.connectionString.replace(/127\.0\.0\.1:\d+/, '127.0.0.1:1')),
    'http://127.0.0.1:1/devstoreaccount1',
  ],
])('an unreachable store is named with its address: %s', async (_, options, address) => {
  const store = await createObjectStore(options());
  await expect(store.ensureReady(signal)).rejects.toMatchObject({
    code: 'STORE_UNREACHABLE',
    retryable: true,
    message: expect.stringContaining(address),
  });
  await store.close();
});

test('an endpoint or connection string that is none is refused without repeating a key', async () => {
  await expect(createObjectStore(minio({ endpoint: 'not a host' }))).rejects.toThrow(
    'MINIO_ENDPOINT',
  );
  const wrong = {
    backend: 'azure',
    connectionString: 'AccountKey=s3cret',
    container: 'c',
    root: '',
  } as const;
  const refused = await createObjectStore(wrong).catch(String);
  expect(refused).toContain('AZURE_STORAGE_CONNECTION_STRING');
  expect(refused).not.toContain('s3cret');
});

test.each([
  ['minio', (address: string) => minio({ endpoint: address })],
  [
    'azure',
    (address: string) => azure(azurite.connectionString.replace(/127\.0\.0\.1:\d+/, address)),
  ],
])('a call to a store that never answers ends with its signal: %s', async (_, options) => {
  const sockets: Socket[] = [];
  const silent = createServer((socket) => void sockets.push(socket)).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  const store = await createObjectStore(options(`127.0.0.1:${port}`));
  const controller = new AbortController();
  const call = store.ensureReady(controller.signal).catch((error: unknown) => error);
  await once(silent, 'connection');
  controller.abort(new Error('cancelled by a person'));
  expect(String(await call)).toContain('cancelled by a person');
  await store.close();
  sockets.forEach((socket) => socket.destroy());
  silent.close();
});
