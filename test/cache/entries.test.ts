/** What is a hit, and what is not; of many files only those that are missing. */
import { appendFile, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { httpServer } from '../helpers/http-server.js';
import {
  cacheForTest,
  csvEntry,
  datasetEntry,
  failureOf,
  FILES,
  kaggleCacheForTest,
  kaggleEntry,
  kaggleForTest,
  obtainOptions,
  REF,
  signal,
  sourcesForTest,
} from '../helpers/kaggle-for-test.js';

test('an unchanged version costs one request and no byte', async () => {
  const { server, obtain } = await kaggleCacheForTest();
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
  const { server, obtain } = await kaggleCacheForTest();
  await obtain();
  expect(server.requests.map(({ host, service }) => service?.split('/')[1] ?? host)).toEqual([
    'GetDataset',
    'GetDatasetStatus',
    'DownloadDataset',
    'storage',
    'GetDatasetMetadata',
  ]);
});

test('what the source says of its files is kept beside them; an entry is whole without it', async () => {
  const about = { description: 'Rows', columns: [{ name: 'x', description: 'The\u001b x' }] };
  const resources = [{ path: 'a.csv', about }];
  const datasets = [{ ref: REF, files: FILES, sources: 'A book', resources }];
  const documented = await kaggleCacheForTest({}, { datasets });
  const { key } = await documented.obtain();
  expect(await documented.cache.documentation(key)).toEqual({
    sources: 'A book',
    files: [{ path: 'a.csv', description: 'Rows', columns: [['x', 'The x']] }],
  });

  const silent = await kaggleCacheForTest();
  const match = { service: 'GetDatasetMetadata' };
  silent.server.faults.add({ kind: 'status', status: 500, match, times: 'always' });
  const entry = await silent.obtain();
  expect(entry).toMatchObject({ hit: false, files: 1 });
  expect(await silent.cache.documentation(entry.key)).toBeUndefined();
});

test('force transfers again', async () => {
  const { server, obtain } = await kaggleCacheForTest();
  await obtain();
  expect(await obtain(kaggleEntry, true)).toMatchObject({ hit: false });
  expect(server.requests.filter(({ host }) => host === 'storage').length).toBe(2);
});

describe('is no hit:', () => {
  test('an entry without its marker', async () => {
    const { directory, obtain } = await kaggleCacheForTest();
    const { key } = await obtain();
    await rm(join(directory, 'entries', key, 'complete.json'));
    expect((await obtain()).hit).toBe(false);
  });

  test('an entry whose marker was cut short', async () => {
    const { directory, obtain } = await kaggleCacheForTest();
    const { key } = await obtain();
    await writeFile(join(directory, 'entries', key, 'complete.json'), '{"files": [');
    expect((await obtain()).hit).toBe(false);
  });

  test('a file that grew, and a file of the same size with other bytes', async () => {
    const { cache, obtain } = await kaggleCacheForTest();
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
  const { cache, obtain } = await kaggleCacheForTest();
  const { key } = await obtain();
  const [file] = await cache.files(key);
  await utimes(file!.absolutePath, new Date(), new Date(2020, 1, 1));
  expect((await obtain()).hit).toBe(true);
});

test('files that are not here are missing for good', async () => {
  const { cache } = await kaggleCacheForTest();
  const failure = await failureOf(cache.files('kaggle-owner-set-v9-000000000000'));
  expect(failure).toMatchObject({ code: 'CACHE_ENTRY_MISSING', retryable: false });
});

describe('one by one', () => {
  test('only the wanted files are transferred', async () => {
    const { cache, server, obtain } = await kaggleCacheForTest();
    const cached = await obtain(csvEntry);
    const files = await cache.files(cached.key);
    expect(files.map(({ path }) => path).sort()).toEqual(['a.csv', 'b/c.csv']);
    expect(await readFile(files.find(({ path }) => path === 'b/c.csv')!.absolutePath, 'utf8')).toBe(
      FILES['b/c.csv'],
    );
    expect(server.requests.some(({ file }) => file === 'noise.bin')).toBe(false);
  });

  test('of a new version only the changed ones are transferred', async () => {
    const { cache, server, obtain } = await kaggleCacheForTest();
    await obtain(csvEntry);
    await server.publishVersion(REF, { ...FILES, 'b/c.csv': 'y\n33\n' });
    const before = server.requests.length;
    const cached = await obtain(csvEntry);
    const calls = server.requests.slice(before);
    expect(calls.map(({ host, service }) => service?.split('/')[1] ?? host).sort()).toEqual(
      ['DownloadDataset', 'DownloadDataset', 'GetDataset', 'GetDatasetMetadata'].concat([
        'GetDatasetStatus',
        'ListDatasetFiles',
        'storage',
        'storage',
      ]),
    );
    expect(cached).toMatchObject({ hit: false, files: 2, transferredBytes: 'y\n33\n'.length });
    expect((await cache.status()).savedBytes).toBe(FILES['a.csv'].length);
  });

  test('no more than parallel_downloads at a time', async () => {
    let [asked, most] = [0, 0];
    const underWay: ServerResponse[] = [];
    const web = await httpServer((_request, response) => {
      asked += 1;
      underWay.push(response);
      most = Math.max(most, underWay.length);
      // Answered together, once there are three, after a moment in which a fourth could come.
      if (asked % 3 !== 0) return;
      setTimeout(() => underWay.splice(0).forEach((one) => one.end('x\n1\n')), 100);
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
    const { obtain } = await kaggleCacheForTest();
    const entry = datasetEntry({ kaggle_ref: REF, files: { include: ['*.tsv'] } });
    expect((await failureOf(obtain(entry))).code).toBe('SOURCE_FILES_NOT_FOUND');
  });

  test('a failure in one keeps the others for the next attempt', async () => {
    const { server, obtain } = await kaggleCacheForTest({ parallelDownloads: 1 });
    server.faults.add({ kind: 'wrong-md5', match: { file: 'b/c.csv' } });
    expect((await failureOf(obtain(csvEntry))).code).toBe('CHECKSUM_MISMATCH');
    expect((await obtain(csvEntry)).transferredBytes).toBe(FILES['b/c.csv'].length);
  });
});

test('a new version of the same bytes is not transferred again', async () => {
  const { server, obtain } = await kaggleCacheForTest();
  const first = await obtain();
  await server.publishVersion(REF, FILES);
  const second = await obtain();
  expect(second).toMatchObject({ hit: false, transferredBytes: 0, checksum: first.checksum });
});
