/** What leaves the cache, what it counts, and what it does not take. */
import { readdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { listEntries } from '../../src/cache/entry-facts.js';
import { removeEntry } from '../../src/cache/sweep.js';
import {
  cacheForTest,
  csvEntry,
  failureOf,
  FILES,
  kaggleCacheForTest,
  kaggleEntry,
  obtainOptions,
  REF,
  signal,
} from '../helpers/kaggle-for-test.js';

const DAYS_MS = 86_400_000;

async function age(directory: string, key: string, days: number): Promise<void> {
  const then = new Date(Date.now() - days * DAYS_MS);
  for (const name of await readdir(join(directory, 'entries', key), { recursive: true })) {
    await utimes(join(directory, 'entries', key, name), then, then);
  }
}

describe('leaves the cache:', () => {
  test('what was not used for longer than it is kept', async () => {
    const { cache, directory, obtain } = await kaggleCacheForTest();
    const { key, bytes } = await obtain();
    await obtain(csvEntry);
    await age(directory, key, 8);
    const swept = await cache.sweep({ signal });
    expect(swept.removedEntries).toBe(1);
    expect(swept.freedBytes).toBeGreaterThanOrEqual(bytes);
    expect((await failureOf(cache.files(key))).code).toBe('CACHE_ENTRY_MISSING');
    expect((await cache.status()).entries).toBe(1);
  });

  test('the least recently used, when there is too much', async () => {
    const { cache, directory, obtain, server } = await kaggleCacheForTest({ maxBytes: 600_000 });
    const old = await obtain();
    await age(directory, old.key, 2);
    await server.publishVersion(REF, {
      'a.bin': Buffer.concat([FILES['noise.bin'], Buffer.alloc(9)]),
    });
    const newer = await obtain();
    await age(directory, newer.key, 1);
    expect((await cache.sweep({ signal })).removedEntries).toBe(1);
    expect((await failureOf(cache.files(old.key))).code).toBe('CACHE_ENTRY_MISSING');
    expect((await cache.files(newer.key)).length).toBe(1);
  });

  test('interrupted downloads that nobody took up for a day, but not fresh ones', async () => {
    const { cache, directory, obtain, server } = await kaggleCacheForTest();
    server.faults.add({ kind: 'cut', afterBytes: 20_000, times: 'always' });
    expect((await failureOf(obtain())).code).toBe('DOWNLOAD_INTERRUPTED');
    expect((await cache.sweep({ signal })).removedEntries).toBe(0);
    const [key = ''] = await readdir(join(directory, 'entries'));
    await age(directory, key, 2);
    expect((await cache.sweep({ signal })).removedEntries).toBe(1);
  });

  test('everything, on demand', async () => {
    const { cache, obtain } = await kaggleCacheForTest();
    await obtain();
    await obtain(csvEntry);
    expect((await cache.clear()).removedEntries).toBe(2);
    expect(await cache.status()).toMatchObject({ entries: 0, bytes: 0 });
  });
});

test('what an import has used since the sweep looked at it stays', async () => {
  const { cache, directory, obtain } = await kaggleCacheForTest();
  const { key } = await obtain();
  await age(directory, key, 8);
  const [seen] = await listEntries(directory);
  await obtain();
  expect(await removeEntry(directory, key, { usedMs: seen!.usedMs, signal })).toBe(false);
  expect(await cache.files(key)).toHaveLength(1);
});

test('status counts hits, misses and the bytes that were not transferred again', async () => {
  const { cache, obtain } = await kaggleCacheForTest();
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
  const { sources } = await kaggleCacheForTest();
  const { cache } = await cacheForTest(sources, { directory: '/dev/null/cache' });
  const work = cache.obtain(kaggleEntry, await sources.pin(kaggleEntry, { signal }), obtainOptions);
  expect((await failureOf(work)).code).toBe('CACHE_UNWRITABLE');
});

test('a download larger than the cache may be is refused before its first byte', async () => {
  const { obtain, directory } = await kaggleCacheForTest({ maxBytes: 1000 });
  expect((await failureOf(obtain())).code).toBe('DOWNLOAD_TOO_LARGE');
  const names = await readdir(directory, { recursive: true });
  expect(names.filter((name) => name.endsWith('.partial'))).toEqual([]);
});
