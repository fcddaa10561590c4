/** Downloads that get there in spite of faults, and what they cost; bad-input.test.ts has those that do not. */
import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Fault, KaggleServer } from '../../src/stack/kaggle-server/index.js';
import {
  cacheForTest,
  datasetEntry,
  failureOf,
  impatientCache,
  kaggleEntry,
  kaggleForTest,
  obtainOptions,
  REF,
  signal,
  sourcesForTest,
} from '../helpers/kaggle-for-test.js';

async function setUp(fault?: Fault) {
  const server = await kaggleForTest();
  const sources = sourcesForTest(server.url);
  const pin = await sources.pin(kaggleEntry, { signal });
  const { cache, directory } = await cacheForTest(sources);
  if (fault) server.faults.add(fault);
  const obtain = (force = false) => cache.obtain(kaggleEntry, pin, { ...obtainOptions, force });
  return { server, sources, pin, cache, directory, obtain };
}

/** Bytes of the archive that the server hands out, straight from its storage. */
async function archiveBytes(server: KaggleServer): Promise<Buffer> {
  const call = await fetch(`${server.url}/v1/datasets.DatasetApiService/DownloadDataset`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ownerSlug: 'owner', datasetSlug: 'set' }),
  });
  return Buffer.from(await call.arrayBuffer());
}

/** Sizes of the partial files on disk. */
async function partials(directory: string): Promise<number[]> {
  const names = await readdir(directory, { recursive: true });
  const found = names.filter((name) => name.endsWith('.partial'));
  return Promise.all(found.map(async (name) => (await stat(join(directory, name))).size));
}

const storageCalls = (server: KaggleServer) =>
  server.requests.filter(({ host }) => host === 'storage');

test('an archive arrives byte for byte, with its checksum', async () => {
  const { server, cache, obtain } = await setUp();
  const cached = await obtain();
  const [file, ...others] = await cache.files(cached.key);
  const bytes = await readFile(file!.absolutePath);
  expect(others).toEqual([]);
  expect(bytes.equals(await archiveBytes(server))).toBe(true);
  expect(file).toMatchObject({
    path: 'archive.zip',
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  });
  expect(cached).toMatchObject({ hit: false, files: 1, transferredBytes: bytes.length });
});

describe('recovers within one call from', () => {
  const recoverable: [string, Fault][] = [
    ['a cut connection', { kind: 'cut', afterBytes: 150_000 }],
    ['a connection cut three times', { kind: 'cut', afterBytes: 100_000, times: 3 }],
    ['a connection cut every 100 kB', { kind: 'cut', afterBytes: 100_000, times: 'always' }],
    ['an expired URL', { kind: 'expired-url' }],
    ['a URL that is refused once', { kind: 'status', status: 403, match: { storage: true } }],
    ['a length that is announced too long', { kind: 'wrong-length', byBytes: 100 }],
  ];
  test.each(recoverable)('%s', async (_name, fault) => {
    const { server, cache, obtain, directory } = await setUp(fault);
    const cached = await obtain();
    server.faults.clear();
    const [file] = await cache.files(cached.key);
    const expected = await archiveBytes(server);
    expect((await readFile(file!.absolutePath)).equals(expected)).toBe(true);
    expect(cached.transferredBytes).toBe(expected.length);
    expect(await partials(directory)).toEqual([]);
  });

  const afterACut: [string, Fault][] = [
    ['a server that ignores Range', { kind: 'ignore-range' }],
    ['a server that answers with another range', { kind: 'wrong-range' }],
    ['a URL that expires between two parts', { kind: 'expired-url' }],
  ];
  test.each(afterACut)('a cut, then %s', async (_name, fault) => {
    const { server, cache, obtain } = await setUp({ kind: 'cut', afterBytes: 150_000 });
    server.faults.add(fault);
    const cached = await obtain();
    const [file] = await cache.files(cached.key);
    expect((await readFile(file!.absolutePath)).equals(await archiveBytes(server))).toBe(true);
  });

  test('a file that is replaced during the download: it starts again with the new one', async () => {
    const { server, cache, obtain } = await setUp({ kind: 'cut', afterBytes: 150_000 });
    server.faults.add({ kind: 'changed', times: 'always' });
    const cached = await obtain();
    const [file] = await cache.files(cached.key);
    const bytes = await readFile(file!.absolutePath);
    expect(bytes.toString('latin1').endsWith('replaced')).toBe(true);
    expect(storageCalls(server).length).toBe(2);
  });
});

test('progress counts what is on disk, from the first byte to the last, also of a resumed download', async () => {
  const { server, cache, directory, pin } = await setUp({ kind: 'hang', afterBytes: 150_000 });
  const impatient = await impatientCache(server.url, directory);
  expect((await failureOf(impatient.obtain(kaggleEntry, pin, obtainOptions))).code).toBe(
    'DOWNLOAD_STALLED',
  );
  server.faults.clear();
  const seen: number[] = [];
  const onProgress = ({ bytes }: { bytes: number }): void => void seen.push(bytes);
  const { bytes } = await cache.obtain(kaggleEntry, pin, { ...obtainOptions, onProgress });
  expect(seen[0]).toBeGreaterThan(150_000);
  expect(seen.at(-1)).toBe(bytes);
});

test('the Authorization header never reaches the storage host', async () => {
  const { server, obtain } = await setUp({ kind: 'cut', afterBytes: 150_000 });
  await obtain();
  const withHeader = server.requests.filter(({ headers }) => 'authorization' in headers);
  expect(withHeader.length).toBeGreaterThan(0);
  expect(withHeader.every(({ host }) => host === 'api')).toBe(true);
  expect(storageCalls(server).length).toBe(2);
});

test('a resumed download asks for no new URL while the old one works', async () => {
  const { server, obtain } = await setUp({ kind: 'cut', afterBytes: 100_000, times: 3 });
  await obtain();
  const asked = server.requests.filter(({ service }) => service?.endsWith('/DownloadDataset'));
  expect(asked.length).toBe(1);
});

test('many files, many side by side, leave no listener behind on the signal they share', async () => {
  const names = Array.from({ length: 60 }, (_, index) => `part-${index}.csv`);
  const files = Object.fromEntries(names.map((name) => [name, `x\n${name}\n`]));
  const server = await kaggleForTest({ datasets: [{ ref: REF, files }] });
  const sources = sourcesForTest(server.url);
  const entry = datasetEntry({ kaggle_ref: REF, files: { include: ['*.csv'] } });
  const pin = await sources.pin(entry, { signal });
  const { cache } = await cacheForTest(sources, { parallelDownloads: 16 });
  const warnings: string[] = [];
  const listen = ({ name }: Error): void => void warnings.push(name);
  process.on('warning', listen);
  onTestFinished(() => void process.off('warning', listen));
  expect((await cache.obtain(entry, pin, obtainOptions)).files).toBe(60);
  expect(warnings).toEqual([]);
});
