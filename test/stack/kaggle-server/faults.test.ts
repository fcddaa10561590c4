/** Every fault, as a client meets it. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Fault } from '../../../src/stack/kaggle-server/index.js';
import {
  NOISE,
  bytesOf,
  call,
  callJson,
  readUntilBroken,
  serverForTest,
  signedUrl,
} from './calls.js';

const SET = { ownerSlug: 'owner', datasetSlug: 'set' };
const FILE = 'folder/noise.bin';

/** The answer for the file under one fault, and the answer of the next, undisturbed request. */
async function fetchUnder(fault: Fault, headers: Record<string, string> = {}) {
  const server = await serverForTest();
  const url = await signedUrl(server, FILE);
  server.faults.add(fault);
  const answer = await fetch(url, { headers });
  return { server, url, answer };
}

test('429 has the shape of the gateway and the asked wait, as often as asked', async () => {
  const server = await serverForTest();
  server.faults.add({ kind: 'too-many-requests', retryAfterSeconds: 7, times: 2 });
  for (const attempt of [1, 2]) {
    const refused = await call(server, 'GetDataset', SET);
    expect(refused.status, `attempt ${attempt}`).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('7');
    expect(await refused.json()).toMatchObject({ error: { status: 'RESOURCE_EXHAUSTED' } });
  }
  expect((await call(server, 'GetDataset', SET)).status).toBe(200);
});

test('a server error keeps to the method, dataset and host of its match', async () => {
  const server = await serverForTest();
  server.faults.add({ kind: 'status', status: 502, match: { service: 'GetDatasetStatus' } });
  server.faults.add({ kind: 'status', match: { dataset: 'owner/other' } });
  server.faults.add({ kind: 'status', status: 500, match: { storage: true } });
  const url = await signedUrl(server);
  expect((await call(server, 'GetDataset', SET)).status).toBe(200);
  expect((await call(server, 'GetDatasetStatus', SET)).status).toBe(502);
  expect((await fetch(url)).status).toBe(500);
  expect(server.faults.pending).toHaveLength(1);
});

test('an error can hide under HTTP 200', async () => {
  const server = await serverForTest();
  server.faults.add({ kind: 'error-in-200', code: 403, message: 'no' });
  const answer = await call(server, 'GetDataset', SET);
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual({ code: 403, message: 'no' });
});

test('a version can be unready, and rules unaccepted', async () => {
  const server = await serverForTest();
  server.acceptRules('cup');
  server.faults.add({ kind: 'not-ready' });
  server.faults.add({ kind: 'rules-not-accepted' });
  expect(await callJson(server, 'GetDatasetStatus', SET)).toEqual({ status: 'BLOBS_RECEIVED' });
  const method = 'competitions.CompetitionApiService/ListDataFiles';
  expect((await call(server, method, { competitionName: 'cup' })).status).toBe(403);
  expect((await call(server, method, { competitionName: 'cup' })).status).toBe(200);
});

test('a cut connection delivers exactly the bytes before the cut', async () => {
  const { answer, server } = await fetchUnder({ kind: 'cut', afterBytes: 1234 });
  expect(await readUntilBroken(answer)).toEqual({ bytes: 1234, broken: true });
  expect(server.requests.at(-1)).toMatchObject({ bytes: 1234, fault: 'cut' });
});

test('a connection cut at every 100,000 bytes is finished by resuming', async () => {
  const server = await serverForTest();
  const url = await signedUrl(server, FILE);
  server.faults.add({ kind: 'cut', afterBytes: 100_000, times: 'always' });
  let have = 0;
  const statuses: number[] = [];
  while (have < NOISE.length) {
    const answer = await fetch(url, { headers: { range: `bytes=${have}-` } });
    statuses.push(answer.status);
    have += (await readUntilBroken(answer)).bytes;
  }
  expect(statuses).toEqual([206, 206, 206]);
});

test('a corrupted byte leaves length and checksum those of the true file', async () => {
  const { answer } = await fetchUnder({ kind: 'corrupt', atByte: 70_000 });
  const bytes = await bytesOf(answer);
  const different = [...bytes.keys()].filter((at) => bytes[at] !== NOISE[at]);
  expect(different).toEqual([70_000]);
  expect(answer.headers.get('x-goog-hash')).toBe(`md5=${md5(NOISE)}`);
});

test('a corrupted byte is at its place in a resumed answer too', async () => {
  const headers = { range: 'bytes=69990-' };
  const { answer } = await fetchUnder({ kind: 'corrupt', atByte: 70_000 }, headers);
  const bytes = await bytesOf(answer);
  expect(bytes.subarray(0, 10).equals(NOISE.subarray(69_990, 70_000))).toBe(true);
  expect(bytes[10]).not.toBe(NOISE[70_000]);
});

test('a wrong length announces more than there is', async () => {
  const { answer } = await fetchUnder({ kind: 'wrong-length', byBytes: 50 });
  expect(answer.headers.get('content-length')).toBe('300050');
  expect(await readUntilBroken(answer)).toEqual({ bytes: 300_000, broken: true });
});

test('a wrong checksum comes with the right bytes', async () => {
  const { answer } = await fetchUnder({ kind: 'wrong-md5' });
  const bytes = await bytesOf(answer);
  expect(bytes.equals(NOISE)).toBe(true);
  expect(answer.headers.get('x-goog-hash')).not.toBe(`md5=${md5(bytes)}`);
});

test('a URL can be expired for one request', async () => {
  const { answer, url } = await fetchUnder({ kind: 'expired-url' });
  expect(answer.status).toBe(400);
  expect(await answer.text()).toContain('ExpiredToken');
  expect((await fetch(url)).status).toBe(200);
});

test.each<Fault>([
  { kind: 'slow', bytesPerSecond: 2_000_000 },
  { kind: 'trickle', everyMs: 0 },
])('a paced body is complete: %o', async (fault) => {
  const server = await serverForTest();
  const url = await signedUrl(server, 'a.csv');
  server.faults.add(fault);
  expect(await (await fetch(url)).text()).toBe('x\n1\n');
});

test('a range can be ignored, or answered with another one', async () => {
  const headers = { range: 'bytes=10-' };
  const ignored = await fetchUnder({ kind: 'ignore-range' }, headers);
  expect(ignored.answer.status).toBe(200);
  expect(await bytesOf(ignored.answer)).toHaveLength(NOISE.length);
  const wrong = await fetchUnder({ kind: 'wrong-range', byBytes: 3 }, headers);
  expect(wrong.answer.status).toBe(206);
  expect(wrong.answer.headers.get('content-range')).toBe('bytes 13-299999/300000');
});

test('a changed object restarts a resumed download, with another tag, date and body', async () => {
  const server = await serverForTest();
  const url = await signedUrl(server, FILE);
  const etag = (await fetch(url)).headers.get('etag') ?? '';
  server.faults.add({ kind: 'changed' });
  expect((await fetch(url)).headers.get('etag')).toBe(etag);
  const answer = await fetch(url, { headers: { range: 'bytes=10-', 'if-range': etag } });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('etag')).not.toBe(etag);
  expect(answer.headers.get('last-modified')).toBe('Mon, 01 Jan 2024 01:00:00 GMT');
  const bytes = await bytesOf(answer);
  expect(bytes).toHaveLength(NOISE.length + 1);
  expect(answer.headers.get('x-goog-hash')).toBe(`md5=${md5(bytes)}`);
});

test('a truncated object agrees with its own length and checksum', async () => {
  const { answer } = await fetchUnder({ kind: 'truncated', toBytes: 1000 });
  const bytes = await bytesOf(answer);
  expect(bytes.equals(NOISE.subarray(0, 1000))).toBe(true);
  expect(answer.headers.get('x-goog-hash')).toBe(`md5=${md5(bytes)}`);
});

test('a web page can come instead of the file', async () => {
  const { answer } = await fetchUnder({ kind: 'html' });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toContain('text/html');
});

test('an endless body goes on past the file and ends with the client', async () => {
  const { answer } = await fetchUnder({ kind: 'endless' });
  expect(answer.headers.has('content-length')).toBe(false);
  let bytes = 0;
  for await (const chunk of answer.body ?? []) {
    bytes += (chunk as Uint8Array).byteLength;
    if (bytes > 3 * NOISE.length) break;
  }
  expect(bytes).toBeGreaterThan(3 * NOISE.length);
});

test('a hanging answer ends when the server closes, with the bytes sent before', async () => {
  const { answer, server } = await fetchUnder({ kind: 'hang', afterBytes: 500 });
  const reader = answer.body?.getReader();
  expect((await reader?.read())?.value).toHaveLength(500);
  const next = reader?.read().catch((error: unknown) => error);
  await server.close();
  expect(await next).toBeInstanceOf(Error);
});

test('the API too can answer with a web page, break off, or not answer at all', async () => {
  const server = await serverForTest();
  const match = { service: 'GetDataset' };
  server.faults.add({ kind: 'html', match });
  server.faults.add({ kind: 'cut', afterBytes: 0, match });
  server.faults.add({ kind: 'hang', match });
  const page = await call(server, 'GetDataset', SET);
  expect(page.headers.get('content-type')).toContain('text/html');
  await expect(call(server, 'GetDataset', SET)).rejects.toThrow('fetch failed');
  const unanswered = call(server, 'GetDataset', SET).catch((error: unknown) => error);
  await expect.poll(() => server.requests.at(-1)).toMatchObject({ fault: 'hang', status: 0 });
  await server.close();
  expect(await unanswered).toBeInstanceOf(Error);
});

test('other processes add, see and remove faults and read the log over HTTP', async () => {
  const server = await serverForTest();
  const control = new URL('/', server.url).href;
  const fault = { kind: 'status', status: 500, match: { service: 'GetDataset' } };
  const added = await fetch(`${control}__faults`, { method: 'POST', body: JSON.stringify(fault) });
  expect(added.status).toBe(200);
  expect(server.faults.pending).toEqual([fault]);
  await fetch(`${control}__faults`, { method: 'DELETE' });
  expect(server.faults.pending).toEqual([]);
  await call(server, 'GetDataset', SET);
  const log = (await (await fetch(`${control}__requests`)).json()) as unknown[];
  expect(log).toMatchObject([{ host: 'api', dataset: 'owner/set', status: 200 }]);
  const unknown = JSON.stringify({ kind: 'nonsense' });
  const refused = await fetch(`${control}__faults`, { method: 'POST', body: unknown });
  expect(refused.status).toBe(400);
});

function md5(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('base64');
}
