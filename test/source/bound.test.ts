/** What is transferred is what was pinned: a source that changes before, while or behind the transfer is told. */
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Sources } from '../../src/source/index.js';
import type { PinnedSource } from '../../src/source/types.js';
import { httpServer, serveBytes } from '../helpers/http-server.js';
import {
  cacheForTest,
  datasetEntry,
  failureOf,
  kaggleForTest,
  obtainOptions,
  signal,
  sourcesForTest,
  temporaryFolder,
} from '../helpers/kaggle-for-test.js';

const NOWHERE = 'http://127.0.0.1:9';
const CSV = Buffer.from('x,y\n1,2\n');

/** The code that the transfer ends with, and that nothing of it is left. */
async function refused(
  sources: Sources,
  entry: ReturnType<typeof datasetEntry>,
  pin: PinnedSource,
): Promise<string> {
  const { cache, directory } = await cacheForTest(sources);
  const { code } = await failureOf(cache.obtain(entry, pin, obtainOptions));
  expect(await readdir(join(directory, 'entries')).catch(() => [])).toEqual([]);
  return code;
}

test.each([
  ['another ETag', { etag: '"two"' }],
  ['no ETag any more', {}],
])('an address that has %s by the time of its download', async (_name, after) => {
  const server = await httpServer((request, response) => {
    if (request.method === 'HEAD') serveBytes(request, response, CSV);
    else response.writeHead(200, after).end(CSV);
  });
  const sources = sourcesForTest(NOWHERE);
  const entry = datasetEntry({ source: { url: `${server.url}/data.csv` } });
  const pin = await sources.pin(entry, { signal });
  expect(await refused(sources, entry, pin)).toBe('SOURCE_CHANGED');
});

test('an address of another size under the same date', async () => {
  const headers = { 'last-modified': 'Mon, 01 Jan 2024 00:00:00 GMT' };
  const server = await httpServer((request, response) => {
    const body = request.method === 'HEAD' ? CSV : Buffer.concat([CSV, CSV]);
    response.writeHead(200, { ...headers, 'content-length': body.length });
    response.end(request.method === 'HEAD' ? undefined : body);
  });
  const sources = sourcesForTest(NOWHERE);
  const entry = datasetEntry({ source: { url: `${server.url}/data.csv` } });
  const pin = await sources.pin(entry, { signal });
  expect(await refused(sources, entry, pin)).toBe('SOURCE_CHANGED');
});

test('an address that is written to while it is sent', async () => {
  let etag = '"one"';
  const server = await httpServer((request, response) => {
    serveBytes(request, response, CSV, etag);
    if (request.method === 'GET') etag = '"two"';
  });
  const sources = sourcesForTest(NOWHERE);
  const entry = datasetEntry({ source: { url: `${server.url}/data.csv` } });
  const pin = await sources.pin(entry, { signal });
  expect(await refused(sources, entry, pin)).toBe('SOURCE_CHANGED');
});

test('a local file that is written to behind its listing', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'data.csv'), CSV);
  const sources = sourcesForTest(NOWHERE);
  const entry = datasetEntry({ source: { path: folder } });
  const pin = await sources.pin(entry, { signal });
  const [file] = await sources.listFiles(entry, pin, { signal });
  const rewritten = { ...sources, listFiles: async () => [file!] };
  // Of the same size, and as fast as a clock of milliseconds may not tell.
  await writeFile(join(folder, 'data.csv'), 'x,y\n3,4\n');
  expect(await refused(rewritten, entry, pin)).toBe('SOURCE_CHANGED');
});

test('a local file that is written to while it is read', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'data.csv'), CSV);
  const sources = sourcesForTest(NOWHERE);
  const entry = datasetEntry({ source: { path: folder } });
  const pin = await sources.pin(entry, { signal });
  const writing: Sources = {
    ...sources,
    open: async (...call) => {
      const opened = await sources.open(...call);
      await writeFile(join(folder, 'data.csv'), 'x,y\n3,4\n');
      return opened;
    },
  };
  expect(await refused(writing, entry, pin)).toBe('SOURCE_CHANGED');
});

test.each(['before', 'while'])(
  'the archive of a competition that changes %s it is fetched',
  async (when) => {
    const ref = 'competitions/cup';
    const files = { 'train.csv': 'x\n1\n' };
    const server = await kaggleForTest({ datasets: [{ ref, rulesAccepted: true, files }] });
    const sources = sourcesForTest(server.url);
    const entry = datasetEntry({ competition: 'cup' });
    const pin = await sources.pin(entry, { signal });
    const publish = () => server.publishVersion(ref, { 'train.csv': 'x\n1\n2\n' });
    if (when === 'before') await publish();
    const changing: Sources = {
      ...sources,
      open: async (...call) => {
        const opened = await sources.open(...call);
        if (when === 'while') await publish();
        return opened;
      },
    };
    expect(await refused(changing, entry, pin)).toBe('SOURCE_CHANGED');
  },
);

test('an s3: endpoint of its own leads to no private address, by itself or by a redirect', async () => {
  const server = await httpServer((_request, response) => response.writeHead(200).end());
  const sources = sourcesForTest(NOWHERE, { allowPrivateAddresses: false });
  for (const host of ['127.0.0.1', 'localhost']) {
    const endpoint = `http://${host}:${server.port}`;
    const entry = datasetEntry({ source: { s3: 'bucket/prefix', endpoint } });
    const failure = await failureOf(sources.pin(entry, { signal }));
    expect(failure.code).toBe('PRIVATE_ADDRESS_REFUSED');
  }
  expect(server.requests).toEqual([]);
});
