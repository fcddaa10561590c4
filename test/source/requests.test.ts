/** Requests and downloads as the metrics see them, at the Prometheus endpoint of a worker. */
import { setMaxListeners } from 'node:events';
import { Runtime } from '@temporalio/worker';
import { expect, test } from 'vitest';
import { createMetrics } from '../../src/metrics.js';
import { freePort } from '../helpers/free-port.js';
import {
  cacheForTest,
  failureOf,
  kaggleEntry,
  kaggleForTest,
  obtainOptions,
  signal,
  sourcesForTest,
} from '../helpers/kaggle-for-test.js';

test('one process keeps to its pace: what is beyond it waits, and can be cancelled', async () => {
  const server = await kaggleForTest();
  const sources = sourcesForTest(server.url, { kaggle: { callsPerSecond: 0.001 } });
  const cancel = new AbortController();
  setMaxListeners(25, cancel.signal);
  const calls = Array.from({ length: 25 }, () =>
    sources.pin(kaggleEntry, { signal: cancel.signal }).then(
      () => 'pinned',
      (error: unknown) => error,
    ),
  );
  const first = await Promise.all(calls.slice(0, 20));
  expect(first).toEqual(first.map(() => 'pinned'));
  const reason = new Error('cancelled by the test');
  cancel.abort(reason);
  expect(await Promise.all(calls.slice(20))).toEqual(Array.from({ length: 5 }, () => reason));
  expect(server.requests).toHaveLength(20);
});

test('requests by host and outcome, bytes, hits and the budget are at the endpoint', async () => {
  const bindAddress = `127.0.0.1:${await freePort()}`;
  Runtime.install({ telemetryOptions: { metrics: { prometheus: { bindAddress } } } });
  const metrics = createMetrics(Runtime.instance().metricMeter, 5);
  const server = await kaggleForTest();
  const sources = sourcesForTest(server.url, { onRequest: metrics.request });
  const { cache } = await cacheForTest(sources, { onUse: metrics.cacheUse });
  server.faults.add({ kind: 'too-many-requests' });
  server.faults.add({ kind: 'status', status: 503 });
  expect((await failureOf(sources.pin(kaggleEntry, { signal }))).code).toBe('RATE_LIMITED');
  expect((await failureOf(sources.pin(kaggleEntry, { signal }))).code).toBe('SOURCE_SERVER_ERROR');
  const pin = await sources.pin(kaggleEntry, { signal });
  const { bytes } = await cache.obtain(kaggleEntry, pin, obtainOptions);
  await cache.obtain(kaggleEntry, pin, obtainOptions);

  const text = await (await fetch(`http://${bindAddress}/metrics`)).text();
  const value = (name: string, labels: Record<string, string> = {}): number | undefined => {
    const line = text
      .split('\n')
      .find(
        (one) =>
          one.startsWith(`kaggle_import_${name}`) &&
          Object.entries(labels).every(([label, said]) => one.includes(`${label}="${said}"`)),
      );
    return line === undefined ? undefined : Number(line.slice(line.lastIndexOf(' ')));
  };
  const api = new URL(server.url).host;
  const requests = (host: string, outcome: string) =>
    value('source_requests_total', { host, outcome });
  expect(requests(api, '429')).toBe(1);
  expect(requests(api, '5xx')).toBe(1);
  // Version, readiness, what is said of it; the signed address is a redirect.
  expect(requests(api, '2xx')).toBe(3);
  expect(requests(api, '3xx')).toBe(1);
  expect(requests(new URL(server.storageUrl).host, '2xx')).toBe(1);
  expect(value('cache_uses_total', { outcome: 'hit', source: 'kaggle' })).toBe(1);
  expect(value('cache_uses_total', { outcome: 'miss', source: 'kaggle' })).toBe(1);
  expect(value('cache_saved_bytes_total')).toBe(bytes);
  expect(value('downloaded_bytes_total')).toBe(bytes);
  expect(value('source_starts_per_second_limit')).toBe(5);
  expect(server.requests.length).toBe(7);
});
