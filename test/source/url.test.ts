/** Direct addresses and folders: change detection, pinned checksums, closed doors to the inside. */
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isPrivateAddress } from '../../src/source/http/private-addresses.js';
import { httpServer, serveBytes } from '../helpers/http-server.js';
import {
  cacheForTest,
  datasetEntry,
  failureOf,
  obtainOptions,
  signal,
  sourcesForTest,
  temporaryFolder,
} from '../helpers/kaggle-for-test.js';

const NOWHERE = 'http://127.0.0.1:9';
const CSV = Buffer.from('x,y\n1,2\n');

const urlEntry = (url: string | string[], sha256?: string) =>
  datasetEntry({ source: { url, ...(sha256 && { sha256 }) } });

test('one address: its version is its ETag, and an unchanged one is a hit', async () => {
  let etag = '"one"';
  const server = await httpServer((request, response) => serveBytes(request, response, CSV, etag));
  const sources = sourcesForTest(NOWHERE);
  const { cache } = await cacheForTest(sources);
  const entry = urlEntry(`${server.url}/folder/data.csv?v=1`);
  const obtain = async () =>
    cache.obtain(entry, await sources.pin(entry, { signal }), obtainOptions);
  const first = await obtain();
  const [file] = await cache.files(first.key);
  expect(file?.path).toBe('data.csv');
  expect(await readFile(file!.absolutePath)).toEqual(CSV);
  expect((await obtain()).hit).toBe(true);
  expect(server.requests.map(({ method }) => method)).toEqual(['HEAD', 'GET', 'HEAD', 'HEAD']);
  etag = '"two"';
  expect((await obtain()).hit).toBe(false);
});

test('many addresses are one dataset; equal names stay apart', async () => {
  const server = await httpServer((request, response) => serveBytes(request, response, CSV));
  const sources = sourcesForTest(NOWHERE);
  const { cache } = await cacheForTest(sources);
  const entry = urlEntry(['a/data.csv', 'b/data.csv', 'c.csv'].map((x) => `${server.url}/${x}`));
  const { key } = await cache.obtain(entry, await sources.pin(entry, { signal }), obtainOptions);
  const paths = (await cache.files(key)).map(({ path }) => path);
  expect(paths).toEqual(['1/data.csv', '2/data.csv', 'c.csv']);
});

test('a pinned checksum needs no request to be known, and is held against the bytes', async () => {
  const server = await httpServer((request, response) => serveBytes(request, response, CSV));
  const sources = sourcesForTest(NOWHERE);
  const { cache } = await cacheForTest(sources);
  const sha256 = createHash('sha256').update(CSV).digest('hex');
  const obtain = async (pinned: string) => {
    const entry = urlEntry(`${server.url}/data.csv`, pinned);
    return cache.obtain(entry, await sources.pin(entry, { signal }), obtainOptions);
  };
  expect((await obtain(sha256)).hit).toBe(false);
  expect((await obtain(sha256)).hit).toBe(true);
  expect(server.requests.length).toBe(1);
  expect((await failureOf(obtain('0'.repeat(64)))).code).toBe('CHECKSUM_MISMATCH');
});

test('a server without HEAD is asked with GET', async () => {
  const server = await httpServer((request, response) => {
    if (request.method === 'HEAD') response.writeHead(405).end();
    else serveBytes(request, response, CSV);
  });
  const pin = await sourcesForTest(NOWHERE).pin(urlEntry(`${server.url}/data.csv`), { signal });
  expect(pin.version).toMatch(/^[0-9a-f]{12}$/);
});

test('secrets in an address are neither in the reference nor in an error', async () => {
  const server = await httpServer((request, response) => {
    if (request.url?.startsWith('/missing')) response.writeHead(404).end();
    else serveBytes(request, response, CSV);
  });
  const sources = sourcesForTest(NOWHERE);
  const address = (path: string) => `http://127.0.0.1:${server.port}/${path}?sig=hunter2`;
  const pin = await sources.pin(urlEntry(address('data.csv')), { signal });
  const failure = await failureOf(sources.pin(urlEntry(address('missing')), { signal }));
  expect(failure.code).toBe('SOURCE_NOT_FOUND');
  expect(JSON.stringify([pin, failure.message, failure.context])).not.toContain('hunter2');
});

describe('private addresses', () => {
  const guarded = () => sourcesForTest(NOWHERE, { allowPrivateAddresses: false });

  test.each([
    '127.0.0.1',
    '10.0.0.1',
    '192.168.1.1',
    '172.16.0.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '::1',
    'fe80::1',
    'fc00::1',
    '::ffff:127.0.0.1',
    '64:ff9b::7f00:1',
  ])('%s is private', (address) => expect(isPrivateAddress(address)).toBe(true));

  test('8.8.8.8 and 2001:4860:4860::8888 are not', () => {
    expect(['8.8.8.8', '2001:4860:4860::8888'].map(isPrivateAddress)).toEqual([false, false]);
  });

  test.each(['127.0.0.1', 'localhost', '2130706433', '0x7f.1', '[::1]'])(
    'written as %s are refused before a request',
    async (host) => {
      const server = await httpServer((request, response) => serveBytes(request, response, CSV));
      const entry = urlEntry(`http://${host}:${server.port}/data.csv`);
      const failure = await failureOf(guarded().pin(entry, { signal }));
      expect(failure.code).toBe('PRIVATE_ADDRESS_REFUSED');
      expect(server.requests).toEqual([]);
    },
  );
});

test('a redirect to another host goes without Authorization', async () => {
  const target = await httpServer((request, response) => serveBytes(request, response, CSV));
  const api = await httpServer((_request, response) =>
    response.writeHead(302, { location: `${target.url}/asset` }).end(),
  );
  const sources = sourcesForTest(NOWHERE, { github: { apiBase: api.url, token: 'hunter2' } });
  const pin = { kind: 'github', reference: 'a/b', version: '1', description: {} } as const;
  const file = { path: 'x.csv', locator: '/repos/a/b/releases/assets/1' };
  const opened = await sources.open(pin, file, { signal });
  opened.body.destroy();
  expect(api.requests[0]?.headers.authorization).toBe('Bearer hunter2');
  expect(target.requests[0]?.headers.authorization).toBeUndefined();
});

test('redirects without end are an invalid answer', async () => {
  const server = await httpServer((request, response) =>
    response.writeHead(302, { location: `${request.url}x` }).end(),
  );
  const work = sourcesForTest(NOWHERE).pin(urlEntry(`${server.url}/a`), { signal });
  expect((await failureOf(work)).code).toBe('SOURCE_ANSWER_INVALID');
});

test('a file that asks for more room than there is leaves nothing: DISK_FULL', async () => {
  const server = await httpServer((_request, response) => {
    response.writeHead(200, { etag: '"a"', 'content-length': String(2 ** 52) });
    response.flushHeaders();
  });
  const sources = sourcesForTest(NOWHERE);
  const { cache } = await cacheForTest(sources, { maxBytes: Number.MAX_SAFE_INTEGER });
  const entry = urlEntry(`${server.url}/data.csv`, '0'.repeat(64));
  const pin = await sources.pin(entry, { signal });
  expect((await failureOf(cache.obtain(entry, pin, obtainOptions))).code).toBe('DISK_FULL');
});

test('an empty file is refused', async () => {
  const server = await httpServer((request, response) =>
    serveBytes(request, response, Buffer.alloc(0)),
  );
  const sources = sourcesForTest(NOWHERE);
  const { cache } = await cacheForTest(sources);
  const entry = urlEntry(`${server.url}/data.csv`);
  const work = cache.obtain(entry, await sources.pin(entry, { signal }), obtainOptions);
  expect((await failureOf(work)).code).toBe('DOWNLOAD_EMPTY');
});

test('a local folder: its visible files, a new version when one changes, a code when it is not there', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'data.csv'), CSV);
  await writeFile(join(folder, '.hidden'), 'x');
  const sources = sourcesForTest(NOWHERE);
  const { cache } = await cacheForTest(sources);
  const entry = datasetEntry({ source: { path: folder } });
  const pin = await sources.pin(entry, { signal });
  const { key } = await cache.obtain(entry, pin, obtainOptions);
  const files = await cache.files(key);
  expect(files.map(({ path, bytes }) => [path, bytes])).toEqual([['data.csv', CSV.length]]);
  await writeFile(join(folder, 'data.csv'), 'x,y\n3,4\n5,6\n');
  expect((await sources.pin(entry, { signal })).version).not.toBe(pin.version);
  const nowhere = datasetEntry({ source: { path: join(folder, 'none') } });
  const failure = await failureOf(sources.pin(nowhere, { signal }));
  expect(failure.code).toBe('SOURCE_PATH_UNREADABLE');
});
