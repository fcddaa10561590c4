/** Several workers on one disk, and workers that die: real processes, killed without a chance to clean up. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import type { CacheEntry } from '../../src/cache/types.js';
import type { PinnedSource } from '../../src/source/types.js';
import {
  cacheForTest,
  kaggleEntry,
  kaggleForTest,
  obtainOptions,
  signal,
  sourceOptions,
  sourcesForTest,
} from '../helpers/kaggle-for-test.js';

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
  server.faults.add({ kind: 'slow', bytesPerSecond: 200_000 });
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
