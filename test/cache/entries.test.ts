/** What is a hit, what is not, and what leaves the cache. */
import { appendFile, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { httpServer } from '../helpers/http-server.js';
import {
  cacheForTest,
  datasetEntry,
  failureOf,
  FILES,
  kaggleEntry,
  kaggleForTest,
  obtainOptions,
  REF,
  signal,
  sourcesForTest,
} from '../helpers/kaggle-for-test.js';

async function setUp(changes: Parameters<typeof cacheForTest>[1] = {}) {
  const server = await kaggleForTest();
  const sources = sourcesForTest(server.url);
  const { cache, directory } = await cacheForTest(sources, changes);
  const obtain = async (entry = kaggleEntry, force = false) =>
    cache.obtain(entry, await sources.pin(entry, { signal }), { ...obtainOptions, force });
  const storageCalls = () => server.requests.filter(({ host }) => host === 'storage').length;
  return { server, sources, cache, directory, obtain, storageCalls };
}

const some = datasetEntry({ kaggle_ref: REF, files: { include: ['*.csv'] } });
const DAYS_MS = 86_400_000;

async function age(directory: string, key: string, days: number): Promise<void> {
  const then = new Date(Date.now() - days * DAYS_MS);
  for (const name of await readdir(join(directory, 'entries', key), { recursive: true })) {
    await utimes(join(directory, 'entries', key, name), then, then);
  }
}

test('an unchanged version costs one request and no byte', async () => {
  const { server, obtain } = await setUp();
  const first = await obtain();
  const before = server.requests.length;
  const second = await obtain();
  expect(server.requests.length - before).toBe(1);
  expect(second).toEqual({ ...first, hit: true, transferredBytes: 0 });
});

test('a night without changes makes one request a dataset', async () => {
  const datasets = Array.from({ length: 8 }, (_, i) => ({
    ref: `owner/set-${i}`,
    files: { 'a.csv': `x\n${i}\n` },
  }));
  const server = await kaggleForTest({ datasets });
  const sources = sourcesForTest(server.url);
  const { cache } = await cacheForTest(sources);
  const night = async () => {
    await sources.checkAuth(undefined, { signal });
    for (const { ref } of datasets) {
      const entry = datasetEntry({ kaggle_ref: ref });
      await cache.obtain(entry, await sources.pin(entry, { signal }), obtainOptions);
    }
  };
  await night();
  const before = server.requests.length;
  await night();
  expect(server.requests.length - before).toBe(datasets.length + 1);
});

test('a first import makes one call for each thing it needs to know', async () => {
  const { server, obtain } = await setUp();
  await obtain();
  expect(server.requests.map(({ host, service }) => service?.split('/')[1] ?? host)).toEqual([
    'GetDataset',
    'GetDatasetStatus',
    'DownloadDataset',
    'storage',
  ]);
});

test('force transfers again', async () => {
  const { obtain, storageCalls } = await setUp();
  await obtain();
  expect(await obtain(kaggleEntry, true)).toMatchObject({ hit: false });
  expect(storageCalls()).toBe(2);
});

describe('is no hit:', () => {
  test('an entry without its marker', async () => {
    const { directory, obtain } = await setUp();
    const { key } = await obtain();
    await rm(join(directory, 'entries', key, 'complete.json'));
    expect((await obtain()).hit).toBe(false);
  });

  test('an entry whose marker was cut short', async () => {
    const { directory, obtain } = await setUp();
    const { key } = await obtain();
    await writeFile(join(directory, 'entries', key, 'complete.json'), '{"files": [');
    expect((await obtain()).hit).toBe(false);
  });

  test('a file that grew, and a file of the same size with other bytes', async () => {
    const { cache, obtain } = await setUp();
    const { key } = await obtain();
    const [file] = await cache.files(key);
    await appendFile(file!.absolutePath, 'x');
    expect((await failureOf(cache.files(key))).code).toBe('CACHE_ENTRY_MISSING');
    expect((await obtain()).hit).toBe(false);
    const bytes = await readFile(file!.absolutePath);
    await writeFile(file!.absolutePath, Buffer.alloc(bytes.length));
    expect((await obtain()).hit).toBe(false);
  });
});

test('a file that was only touched is a hit, after a look at its checksum', async () => {
  const { cache, obtain } = await setUp();
  const { key } = await obtain();
  const [file] = await cache.files(key);
  await utimes(file!.absolutePath, new Date(), new Date(2020, 1, 1));
  expect((await obtain()).hit).toBe(true);
});

test('files that are not here are missing for good', async () => {
  const { cache } = await setUp();
  const failure = await failureOf(cache.files('kaggle-owner-set-v9-000000000000'));
  expect(failure).toMatchObject({ code: 'CACHE_ENTRY_MISSING', retryable: false });
});

describe('one by one', () => {
  test('only the wanted files are transferred', async () => {
    const { cache, server, obtain } = await setUp();
    const cached = await obtain(some);
    const files = await cache.files(cached.key);
    expect(files.map(({ path }) => path).sort()).toEqual(['a.csv', 'b/c.csv']);
    expect(await readFile(files.find(({ path }) => path === 'b/c.csv')!.absolutePath, 'utf8')).toBe(
      FILES['b/c.csv'],
    );
    expect(server.requests.some(({ file }) => file === 'noise.bin')).toBe(false);
  });

  test('of a new version only the changed ones are transferred', async () => {
    const { cache, server, obtain } = await setUp();
    await obtain(some);
    await server.publishVersion(REF, { ...FILES, 'b/c.csv': 'y\n33\n' });
    const before = server.requests.length;
    const cached = await obtain(some);
    const calls = server.requests.slice(before);
    expect(calls.map(({ host, service }) => service?.split('/')[1] ?? host).sort()).toEqual(
      ['DownloadDataset', 'DownloadDataset', 'GetDataset', 'GetDatasetStatus']
        .concat(['ListDatasetFiles', 'storage', 'storage']),
    );
    expect(cached).toMatchObject({ hit: false, files: 2, transferredBytes: 'y\n33\n'.length });
    expect((await cache.status()).savedBytes).toBe(FILES['a.csv'].length);
  });

  test('no more than parallel_downloads at a time', async () => {
    let [underWay, most] = [0, 0];
    const web = await httpServer((_request, response) => {
      underWay += 1;
      most = Math.max(most, underWay);
      response.on('close', () => (underWay -= 1));
      setTimeout(() => response.end('x\n1\n'), 30);
    });
    const sources = sourcesForTest('http://127.0.0.1:9');
    const { cache } = await cacheForTest(sources, { parallelDownloads: 3 });
    const url = Array.from({ length: 12 }, (_, i) => `${web.url}/${i}.csv`);
    const pin = { kind: 'url', reference: web.url, version: '1', description: {} } as const;
    const entry = datasetEntry({ source: { url } });
    expect((await cache.obtain(entry, pin, obtainOptions)).files).toBe(12);
    expect(most).toBe(3);
  });

  test('patterns that nothing matches are named', async () => {
    const { obtain } = await setUp();
    const entry = datasetEntry({ kaggle_ref: REF, files: { include: ['*.tsv'] } });
    expect((await failureOf(obtain(entry))).code).toBe('SOURCE_FILES_NOT_FOUND');
  });

  test('a failure in one keeps the others for the next attempt', async () => {
    const { server, obtain } = await setUp({ parallelDownloads: 1 });
    server.faults.add({ kind: 'wrong-md5', match: { file: 'b/c.csv' } });
    expect((await failureOf(obtain(some))).code).toBe('CHECKSUM_MISMATCH');
    expect((await obtain(some)).transferredBytes).toBe(FILES['b/c.csv'].length);
  });
});

test('a new version of the same bytes is not transferred again', async () => {
  const { server, obtain } = await setUp();
  const first = await obtain();
  await server.publishVersion(REF, FILES);
  const second = await obtain();
  expect(second).toMatchObject({ hit: false, transferredBytes: 0, checksum: first.checksum });
});

describe('leaves the cache:', () => {
  test('what was not used for longer than it is kept', async () => {
    const { cache, directory, obtain } = await setUp();
    const { key, bytes } = await obtain();
    await obtain(some);
    await age(directory, key, 8);
    const swept = await cache.sweep({ signal });
    expect(swept.removedEntries).toBe(1);
    expect(swept.freedBytes).toBeGreaterThanOrEqual(bytes);
    expect((await failureOf(cache.files(key))).code).toBe('CACHE_ENTRY_MISSING');
    expect((await cache.status()).entries).toBe(1);
  });

  test('the least recently used, when there is too much', async () => {
    const { cache, directory, obtain, server } = await setUp({ maxBytes: 600_000 });
    const old = await obtain();
    await age(directory, old.key, 2);
    await server.publishVersion(REF, { 'a.bin': Buffer.concat([FILES['noise.bin'], Buffer.alloc(9)]) });
    const newer = await obtain();
    await age(directory, newer.key, 1);
    expect((await cache.sweep({ signal })).removedEntries).toBe(1);
    expect((await failureOf(cache.files(old.key))).code).toBe('CACHE_ENTRY_MISSING');
    expect((await cache.files(newer.key)).length).toBe(1);
  });

  test('interrupted downloads that nobody took up for a day, but not fresh ones', async () => {
    const { cache, directory, obtain, server } = await setUp();
    server.faults.add({ kind: 'hang', afterBytes: 100_000 });
    await failureOf(obtain());
    expect((await cache.sweep({ signal })).removedEntries).toBe(0);
    const [key = ''] = await readdir(join(directory, 'entries'));
    await age(directory, key, 2);
    expect((await cache.sweep({ signal })).removedEntries).toBe(1);
  });

  test('everything, on demand', async () => {
    const { cache, obtain } = await setUp();
    await obtain();
    await obtain(some);
    expect((await cache.clear()).removedEntries).toBe(2);
    expect(await cache.status()).toMatchObject({ entries: 0, bytes: 0 });
  });
});

test('status counts hits, misses and the bytes that were not transferred again', async () => {
  const { cache, obtain } = await setUp();
  const { bytes } = await obtain();
  await obtain();
  await obtain();
  const { entries, hits, misses, savedBytes } = await cache.status();
  expect({ entries, hits, misses, savedBytes }).toEqual({
    entries: 1,
    hits: 2,
    misses: 1,
    savedBytes: 2 * bytes,
  });
});

test('a cache that cannot be written says so', async () => {
  const { sources } = await setUp();
  const { cache } = await cacheForTest(sources, { directory: '/dev/null/cache' });
  const work = cache.obtain(kaggleEntry, await sources.pin(kaggleEntry, { signal }), obtainOptions);
  expect((await failureOf(work)).code).toBe('CACHE_UNWRITABLE');
});

test('a download larger than the cache may be is refused before its first byte', async () => {
  const { obtain, directory } = await setUp({ maxBytes: 1000 });
  expect((await failureOf(obtain())).code).toBe('DOWNLOAD_TOO_LARGE');
  const names = await readdir(directory, { recursive: true });
  expect(names.filter((name) => name.endsWith('.partial'))).toEqual([]);
});
