/** What stays in the cache because somebody needs it, and room on the disk that two cannot both count on. */
import { readdir, statfs, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { diskRoom } from '../../src/cache/disk-room.js';
import { withEntry } from '../../src/cache/lock.js';
import {
  failureOf,
  kaggleCacheForTest,
  kaggleEntry,
  obtainOptions,
  signal,
  temporaryFolder,
} from '../helpers/kaggle-for-test.js';

/** For others on this disk while the tests run. */
const KEEP_FREE_BYTES = 64e6;
const DAY_MS = 86_400_000;
const RUN = '6a3bb7c1-0000-4000-8000-000000000001';

async function leasedEntry() {
  const made = await kaggleCacheForTest({ maxBytes: 500_000 });
  const pin = await made.sources.pin(kaggleEntry, { signal });
  const options = { ...obtainOptions, runId: RUN };
  const { key } = await made.cache.obtain(kaggleEntry, pin, options);
  const then = new Date(Date.now() - 30 * DAY_MS);
  const folder = join(made.directory, 'entries', key);
  for (const name of await readdir(folder, { recursive: true })) {
    await utimes(join(folder, name), then, then);
  }
  return { ...made, key };
}

test('what a run waits for stays, however old and however full the cache, until the run ends', async () => {
  const { cache, key } = await leasedEntry();
  expect(await cache.sweep({ signal })).toMatchObject({ removedEntries: 0 });
  expect(await cache.clear()).toMatchObject({ removedEntries: 0 });
  expect(await cache.files(key)).toHaveLength(1);
});

test.each([
  ['its own end', true],
  ['Temporal, that it has ended', false],
])('a lease goes by %s', async (_name, itself) => {
  const { cache, directory } = await leasedEntry();
  if (itself) await cache.release(RUN);
  else {
    await cache.releaseEnded(async () => new Map([[RUN, 'running' as const]]));
    expect(await cache.sweep({ signal })).toMatchObject({ removedEntries: 0 });
    await cache.releaseEnded(async () => new Map([[RUN, 'ended' as const]]));
  }
  expect(await readdir(join(directory, 'leases'))).toEqual([]);
});

test('an interrupted download of a run that waits stays as well', async () => {
  const { cache, server, sources, directory } = await kaggleCacheForTest();
  server.faults.add({ kind: 'cut', afterBytes: 20_000, times: 'always' });
  const pin = await sources.pin(kaggleEntry, { signal });
  await failureOf(cache.obtain(kaggleEntry, pin, { ...obtainOptions, runId: RUN }));
  const [key = ''] = await readdir(join(directory, 'entries'));
  const folder = join(directory, 'entries', key);
  const then = new Date(Date.now() - 3 * DAY_MS);
  for (const name of await readdir(folder, { recursive: true })) {
    await utimes(join(folder, name), then, then);
  }
  expect(await cache.sweep({ signal })).toMatchObject({ removedEntries: 0 });
});

test('an import does not look through the whole cache', async () => {
  const { cache, directory, obtain } = await kaggleCacheForTest();
  await obtain();
  await cache.sweep({ signal });
  // A marker that somebody read would be removed or counted; this one cannot even be opened as a file.
  const others = join(directory, 'entries', 'kaggle-somebody-else-v1-000000000000');
  await writeFile(others, '');
  await cache.sweepIfDue({ signal });
  expect((await obtain()).hit).toBe(true);
  expect(await readdir(join(directory, 'entries'))).toHaveLength(2);
});

test('two downloads do not count on the same room', async () => {
  const directory = await temporaryFolder();
  const { bavail, bsize } = await statfs(directory);
  // Others write to this disk as well: a share that leaves room for them, and none for a second one.
  const share = Math.floor((bavail * bsize - KEEP_FREE_BYTES) * 0.6);
  const nothing = async (): Promise<void> => undefined;
  const asked: number[] = [];
  const common = { directory, keepFreeBytes: KEEP_FREE_BYTES };
  const one = diskRoom({ ...common, key: 'one', evict: nothing });
  const two = diskRoom({ ...common, key: 'two', evict: async (bytes) => void asked.push(bytes) });
  const both = (work: () => Promise<void>) =>
    withEntry(directory, 'one', signal, () => withEntry(directory, 'two', signal, work));
  await both(async () => {
    const giveBack = await one.reserve('/a.partial', share);
    expect((await failureOf(two.reserve('/b.partial', share))).code).toBe('DISK_FULL');
    expect(asked[0]).toBeGreaterThan(0);
    await giveBack();
    await (
      await two.reserve('/b.partial', share)
    )();
  });
  expect(await readdir(join(directory, 'reservations'))).toEqual([]);
});

test('what a killed process had reserved is free again', async () => {
  const directory = await temporaryFolder();
  const { bavail, bsize } = await statfs(directory);
  const share = Math.floor((bavail * bsize - KEEP_FREE_BYTES) * 0.6);
  const reserve = (key: string) =>
    withEntry(directory, key, signal, async () => {
      const options = { directory, key, keepFreeBytes: KEEP_FREE_BYTES };
      await diskRoom({ ...options, evict: async () => undefined }).reserve('/a.partial', share);
    });
  // Without giving it back: nobody holds the entry any more.
  await reserve('dead');
  await reserve('alive');
  expect((await readdir(join(directory, 'reservations'))).map((name) => name[0])).toEqual(['a']);
});
