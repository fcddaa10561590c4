/** What an import says it has transferred: everything that crossed the network for it, whatever came of it. */
import { expect, test } from 'vitest';
import {
  cacheForTest,
  kaggleEntry,
  kaggleForTest,
  obtainOptions,
  signal,
  sourcesForTest,
} from '../helpers/kaggle-for-test.js';

async function setUp() {
  const server = await kaggleForTest();
  const sources = sourcesForTest(server.url);
  const pin = await sources.pin(kaggleEntry, { signal });
  const { cache } = await cacheForTest(sources);
  const obtain = (runId: string, force = false) =>
    cache.obtain(kaggleEntry, pin, { ...obtainOptions, runId, force });
  return { server, cache, obtain };
}

test('bytes that were thrown away count, and those that another run has fetched do not', async () => {
  const { server, obtain } = await setUp();
  server.faults.add({ kind: 'corrupt' });
  await expect(obtain('one')).rejects.toMatchObject({ code: 'CHECKSUM_MISMATCH' });
  const { bytes, transferredBytes } = await obtain('one');
  expect(transferredBytes).toBe(2 * bytes);
  // As after a worker that died before it could tell.
  expect(await obtain('one')).toMatchObject({ hit: true, transferredBytes: 2 * bytes });
  expect(await obtain('two')).toMatchObject({ hit: true, transferredBytes: 0 });
  expect(await obtain('two', true)).toMatchObject({ hit: false, transferredBytes: bytes });
});

test('of a download that is interrupted and goes on, every byte counts once', async () => {
  const { server, cache, obtain } = await setUp();
  server.faults.add({ kind: 'cut', afterBytes: 20_000, times: 'always' });
  await expect(obtain('one')).rejects.toMatchObject({ code: 'DOWNLOAD_INTERRUPTED' });
  server.faults.clear();
  const { bytes, transferredBytes } = await obtain('one');
  expect(transferredBytes).toBe(bytes);
  await cache.release('one');
  expect(await obtain('one')).toMatchObject({ hit: true, transferredBytes: 0 });
});
