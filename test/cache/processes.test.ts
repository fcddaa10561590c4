/** Several workers on one disk, and workers that die: real processes, killed without a chance to clean up. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { pathAhead } from '../../src/convert/unpack/ahead.js';
import { numberedName } from '../../src/cache/layout.js';
import { withEntry } from '../../src/cache/lock.js';
import { writeNotes } from '../../src/cache/partial-notes.js';
import type { CacheEntry } from '../../src/cache/types.js';
import type { PinnedSource } from '../../src/source/types.js';
import {
  cacheForTest,
  kaggleEntry,
  kaggleForTest,
  obtainOptions,
  REF,
  signal,
  sourceOptions,
  sourcesForTest,
} from '../helpers/kaggle-for-test.js';
import { noiseBytes } from '../helpers/noise-bytes.js';

const PROGRAM = join(import.meta.dirname, '..', 'helpers', 'obtain-process.js');

function startObtaining(url: string, directory: string, pin: PinnedSource) {
  const request = { sourceOptions: sourceOptions(url), directory, entry: kaggleEntry, pin };
  return spawn(process.execPath, [PROGRAM, JSON.stringify(request)]);
}

async function resultOf(child: ReturnType<typeof startObtaining>): Promise<CacheEntry> {
  const [out, problems] = await Promise.all([text(child.stdout), text(child.stderr)]);
  if (out === '') throw new Error(`the process failed: ${problems}`);
  return JSON.parse(out) as CacheEntry;
}

async function setUp() {
  const server = await kaggleForTest();
  const sources = sourcesForTest(server.url);
  const pin = await sources.pin(kaggleEntry, { signal });
  const { cache, directory } = await cacheForTest(sources);
  const storageCalls = () => server.requests.filter(({ host }) => host === 'storage');
  return { server, pin, cache, directory, storageCalls };
}

test('a download goes on where a killed process stopped', async () => {
  const { server, pin, cache, directory, storageCalls } = await setUp();
  server.faults.add({ kind: 'hang', afterBytes: 200_000 });
  const child = startObtaining(server.url, directory, pin);
  await once(child.stderr, 'data');
  child.kill('SIGKILL');
  await once(child, 'exit');
  const names = await readdir(directory, { recursive: true });
  const partial = join(directory, names.find((name) => name.endsWith('.partial')) ?? '');
  const left = (await stat(partial)).size;
  expect(left).toBeGreaterThan(0);

  const cached = await cache.obtain(kaggleEntry, pin, obtainOptions);
  expect(cached.transferredBytes).toBe(cached.bytes - left);
  const [first, second, ...others] = storageCalls();
  expect(first?.headers['range']).toBeUndefined();
  expect(second?.headers['range']).toBe(`bytes=${left}-`);
  expect(second?.headers['if-range']).toMatch(/^"[0-9a-f]{32}"$/);
  expect(second?.status).toBe(206);
  expect(others).toEqual([]);
});

test('killed while it unpacks what has arrived, it leaves nothing that the next one would take for whole', async () => {
  const table = `n\n${Array.from({ length: 200_000 }, (_, n) => `${n}\n`).join('')}`;
  // Less is left to the unpacking.
  const files = { 'big.csv': table, 'photo.jpg': noiseBytes(6_000_000, 'photo') };
  const server = await kaggleForTest({ datasets: [{ ref: REF, files }] });
  const sources = sourcesForTest(server.url);
  const pin = await sources.pin(kaggleEntry, { signal });
  const { cache, directory } = await cacheForTest(sources);
  server.faults.add({ kind: 'hang', afterBytes: 5_500_000 });
  const child = startObtaining(server.url, directory, pin);
  const inflated = async (): Promise<number[]> => {
    const names = await readdir(directory, { recursive: true });
    const members = names.filter((name) => /inflated\/[^/]+\/\d+$/.test(name));
    return Promise.all(members.map(async (name) => (await stat(join(directory, name))).size));
  };
  await expect.poll(inflated).not.toEqual([]);
  child.kill('SIGKILL');
  await once(child, 'exit');
  const { key } = await cache.obtain(kaggleEntry, pin, {
    ...obtainOptions,
    inflate: {
      wants: (_archive, name) => name === 'big.csv',
      pathOf: pathAhead,
      maxBytes: 1e9,
      maxRatio: 1000,
    },
  });
  const [archive] = await cache.files(key);
  const members = archive?.inflated ?? [];
  expect(members.map(({ bytes }) => bytes)).toEqual([table.length]);
  expect(await readFile(members[0]!.absolutePath, 'utf8')).toBe(table);
});

test('killed again and again at any moment, a download still ends with the right bytes', async () => {
  const { server, pin, cache, directory, storageCalls } = await setUp();
  // Never whole, however long the machine takes between two lines here.
  server.faults.add({ kind: 'slow', bytesPerSecond: 20_000, times: 'always' });
  const offsets: number[] = [];
  for (const afterMs of [0, 60, 120, 15, 90, 150]) {
    const child = startObtaining(server.url, directory, pin);
    const ended = once(child, 'exit');
    // No byte at all is one of the moments.
    if (afterMs > 50) await once(child.stderr, 'data');
    await sleep(afterMs);
    child.kill('SIGKILL');
    await ended;
    offsets.push(Number(/\d+/.exec(storageCalls().at(-1)?.headers['range'] ?? '0')?.[0]));
  }
  expect(offsets).toEqual(offsets.toSorted((a, b) => a - b));
  server.faults.clear();
  const { key } = await cache.obtain(kaggleEntry, pin, obtainOptions);
  const [file] = await cache.files(key);
  const bytes = await readFile(file!.absolutePath);
  const whole = await fetch(`${server.url}/v1/datasets.DatasetApiService/DownloadDataset`, {
    method: 'POST',
    body: JSON.stringify({ ownerSlug: 'owner', datasetSlug: 'set' }),
  });
  expect(bytes.equals(Buffer.from(await whole.arrayBuffer()))).toBe(true);
});

test('a host that dies between the last byte and the marker: nothing is transferred again', async () => {
  const { pin, cache, directory, storageCalls } = await setUp();
  const { key, bytes } = await cache.obtain(kaggleEntry, pin, obtainOptions);
  const entry = join(directory, 'entries', key);
  const etag = createHash('md5')
    .update(await readFile(join(entry, 'files', 'archive.zip')))
    .digest('hex');
  // As it is just before the file is given its place.
  const partial = join(entry, 'partial', `${numberedName('archive.zip')}.partial`);
  await rm(join(entry, 'complete.json'));
  await mkdir(join(entry, 'partial'));
  await rename(join(entry, 'files', 'archive.zip'), partial);
  await writeNotes(`${partial}.json`, {
    validator: `"${etag}"`,
    totalBytes: bytes,
    syncedBytes: bytes,
  });
  const again = await cache.obtain(kaggleEntry, pin, obtainOptions);
  expect(again).toMatchObject({ hit: false, transferredBytes: 0, bytes });
  expect(storageCalls().at(-1)?.status).toBe(416);
});

test('one that forces a download and one that does not, at the same time, both end with the bytes', async () => {
  const { server, pin, cache, directory } = await setUp();
  const results = await Promise.all([
    cache.obtain(kaggleEntry, pin, { ...obtainOptions, force: true }),
    resultOf(startObtaining(server.url, directory, pin)),
    cache.obtain(kaggleEntry, pin, { ...obtainOptions, force: true }),
  ]);
  expect(new Set(results.map(({ checksum }) => checksum)).size).toBe(1);
  expect(await cache.files(results[0].key)).toHaveLength(1);
});

test('three workers that want the same version transfer it once', async () => {
  const { server, pin, cache, directory, storageCalls } = await setUp();
  server.faults.add({ kind: 'slow', bytesPerSecond: 800_000 });
  const results = await Promise.all([
    resultOf(startObtaining(server.url, directory, pin)),
    resultOf(startObtaining(server.url, directory, pin)),
    cache.obtain(kaggleEntry, pin, obtainOptions),
  ]);
  expect(results.map(({ hit }) => hit).sort()).toEqual([false, true, true]);
  expect(new Set(results.map(({ checksum }) => checksum)).size).toBe(1);
  expect(storageCalls().length).toBe(1);
});

test('all workers of one directory are one host, also when they ask at the same time', async () => {
  const { cache, directory } = await setUp();
  const ids = await Promise.all(Array.from({ length: 20 }, () => cache.hostId()));
  expect(new Set(ids).size).toBe(1);
  expect(await readFile(join(directory, 'host-id'), 'utf8')).toBe(ids[0]);
});

test('an id that a power cut has left empty is made anew', async () => {
  const { cache, directory } = await setUp();
  await writeFile(join(directory, 'host-id'), '');
  const id = await cache.hostId();
  expect(id).toMatch(/^[0-9a-f]{12}$/);
  expect(await cache.hostId()).toBe(id);
});

test('work that only hears that it is to stop still ends with the reason: another has the lock', async () => {
  const { directory } = await setUp();
  const work = withEntry(directory, 'one', signal, async (held) => {
    await rm(join(directory, 'locks', 'one'), { recursive: true });
    await sleep(3_600_000, undefined, { signal: held });
  });
  await expect(work).rejects.toMatchObject({ code: 'CACHE_LOCK_LOST' });
});
