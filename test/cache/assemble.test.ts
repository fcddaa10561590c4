/** A new version of an archive: what it has in common with the older one is not transferred again. */
import { createHash } from 'node:crypto';
import { readdir, readFile, readlink, stat, utimes, writeFile } from 'node:fs/promises';
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import yazl from 'yazl';
import { planAssembly } from '../../src/cache/assemble.js';
import type { Fault } from '../../src/stack/kaggle-server/index.js';
import { httpServer } from '../helpers/http-server.js';
import {
  cacheForTest,
  datasetEntry,
  kaggleEntry,
  kaggleForTest,
  obtainOptions,
  REF,
  signal,
  sourcesForTest,
} from '../helpers/kaggle-for-test.js';
import { noiseBytes } from '../helpers/noise-bytes.js';

/** Do not compress, so that their sizes are those of their parts of the archive. */
const BEFORE = {
  'a.bin': noiseBytes(400_000, 'a'),
  'changing.csv': noiseBytes(50_000, 'before'),
  'z/last.bin': noiseBytes(300_000, 'z'),
};
const CHANGED = noiseBytes(60_000, 'after');
const AFTER = { ...BEFORE, 'changing.csv': CHANGED };

async function setUp(after: Record<string, Buffer> = AFTER) {
  const server = await kaggleForTest({ datasets: [{ ref: REF, files: BEFORE }] });
  const sources = sourcesForTest(server.url);
  const { cache } = await cacheForTest(sources);
  const obtain = async () =>
    cache.obtain(kaggleEntry, await sources.pin(kaggleEntry, { signal }), obtainOptions);
  const first = await obtain();
  await server.publishVersion(REF, after);
  const before = server.requests.length;
  const storageCalls = () => server.requests.slice(before).filter(({ host }) => host === 'storage');
  const archive = async (key: string) => readFile((await cache.files(key))[0]!.absolutePath);
  const served = async () => {
    const call = await fetch(`${server.url}/v1/datasets.DatasetApiService/DownloadDataset`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ownerSlug: 'owner', datasetSlug: 'set' }),
    });
    return Buffer.from(await call.arrayBuffer());
  };
  return { server, cache, obtain, first, storageCalls, archive, served };
}

test('only the changed file and the directory cross the network, and the archive is byte for byte', async () => {
  const { cache, obtain, storageCalls, archive, served } = await setUp();
  const second = await obtain();
  expect(second.hit).toBe(false);
  expect(second.transferredBytes).toBeLessThan(CHANGED.length + 1000);
  const ranges = storageCalls().map(({ headers }) => headers['range']);
  // The answer whose headers tell of the archive, its end twice (the plan, then the bytes), the changed file.
  expect(ranges.length).toBe(4);
  expect(ranges[0]).toBeUndefined();
  expect((await archive(second.key)).equals(await served())).toBe(true);
  expect((await cache.status()).savedBytes).toBe(second.bytes - second.transferredBytes);
});

const faults: [string, Fault][] = [
  ['a connection that is cut', { kind: 'cut', afterBytes: 20_000, times: 5 }],
  ['a server that ignores ranges', { kind: 'ignore-range', times: 'always' }],
  ['a server that answers with other ranges', { kind: 'wrong-range', times: 'always' }],
  ['a replacement under way', { kind: 'changed', times: 'always' }],
  ['an expired address', { kind: 'expired-url', times: 1 }],
];
test.each(faults)('%s: still the right archive', async (_name, fault) => {
  const { server, obtain, archive, served } = await setUp();
  server.faults.add(fault);
  const second = await obtain();
  server.faults.clear();
  expect((await archive(second.key)).equals(await served())).toBe(true);
});

test('an older archive that rotted unnoticed does no harm: all is fetched', async () => {
  const { cache, obtain, first, archive, served } = await setUp();
  const [{ absolutePath } = { absolutePath: '' }] = await cache.files(first.key);
  const { atime, mtime } = await stat(absolutePath);
  const bytes = await readFile(absolutePath);
  bytes[200_000]! ^= 0xff;
  await writeFile(absolutePath, bytes);
  await utimes(absolutePath, atime, mtime);
  const second = await obtain();
  expect((await archive(second.key)).equals(await served())).toBe(true);
  expect(second.transferredBytes).toBeGreaterThanOrEqual(second.bytes);
});

test('an archive that has nothing in common with the older one is fetched in one go', async () => {
  const { obtain, storageCalls } = await setUp({ 'new.bin': noiseBytes(500_000, 'new') });
  const second = await obtain();
  expect(second.transferredBytes).toBe(second.bytes);
  expect(
    storageCalls()
      .map(({ headers }) => headers['range'])
      .slice(2),
  ).toEqual([]);
});

test('members that were only packed at another time are recognised', async () => {
  const zip = async (mtime: Date, changing: Buffer): Promise<Buffer> => {
    const file = new yazl.ZipFile();
    const options = { mtime, forceDosTimestamp: true };
    file.addBuffer(BEFORE['a.bin'], 'a.bin', options);
    file.addBuffer(changing, 'changing.csv', options);
    file.addBuffer(BEFORE['z/last.bin'], 'z/last.bin', options);
    file.end();
    return buffer(file.outputStream.pipe(new PassThrough()));
  };
  let body = await zip(new Date(2024, 1, 1), BEFORE['changing.csv']);
  const server = await httpServer((request, response) => {
    const md5 = createHash('md5').update(body).digest();
    const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
    const start = Number(from ?? 0);
    const part = body.subarray(start, to ? Number(to) + 1 : undefined);
    response.writeHead(from === undefined ? 200 : 206, {
      etag: `"${md5.toString('hex')}"`,
      'x-goog-hash': `md5=${md5.toString('base64')}`,
      'content-length': part.length,
      'content-range': `bytes ${start}-${start + part.length - 1}/${body.length}`,
    });
    response.end(request.method === 'HEAD' ? undefined : part);
  });
  const sources = sourcesForTest('http://127.0.0.1:9');
  const { cache } = await cacheForTest(sources);
  const entry = datasetEntry({ source: { url: `${server.url}/data.zip` } });
  const obtain = async () =>
    cache.obtain(entry, await sources.pin(entry, { signal }), obtainOptions);
  await obtain();
  body = await zip(new Date(2025, 5, 5), CHANGED);
  const second = await obtain();
  expect(second.transferredBytes).toBeLessThan(CHANGED.length + 1000);
  const [file] = await cache.files(second.key);
  expect((await readFile(file!.absolutePath)).equals(body)).toBe(true);
});

test('a plan that is cancelled leaves the older archive closed', async () => {
  const { cache, first } = await setUp();
  const basis = (await cache.files(first.key))[0]!.absolutePath;
  const stop = new AbortController();
  const plan = planAssembly({
    basis,
    totalBytes: first.bytes,
    validator: '"one"',
    openRange: async () => {
      stop.abort();
      throw new Error('cancelled meanwhile');
    },
    signal: stop.signal,
    guard: ({ body }) => body,
  });
  await expect(plan).rejects.toThrow('This operation was aborted');
  const descriptors = await readdir('/proc/self/fd');
  const open = descriptors.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => ''));
  expect(await Promise.all(open)).not.toContain(basis);
});
