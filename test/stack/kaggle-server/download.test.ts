/** Redirects, signed URLs, archives and ranges of the storage host. */
import { createHash } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import yauzl from 'yauzl';
import { LARGE_CSV, NOISE, bytesOf, call, serverForTest, signedUrl } from './calls.js';

test('a download redirects to another host, whose answer says length, date, tag and checksum', async () => {
  const server = await serverForTest();
  const url = await signedUrl(server, 'folder/noise.bin');
  expect(url.startsWith(`${server.storageUrl}/`)).toBe(true);
  expect(new URL(url).port).not.toBe(String(server.port));
  const answer = await fetch(url);
  const bytes = await bytesOf(answer);
  expect(bytes.equals(NOISE)).toBe(true);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'content-length': String(NOISE.length),
    'accept-ranges': 'bytes',
    'last-modified': 'Mon, 01 Jan 2024 00:00:00 GMT',
    etag: expect.stringMatching(/^"[0-9a-f]{32}"$/),
    'x-goog-hash': `md5=${createHash('md5').update(bytes).digest('base64')}`,
  });
});

test('the whole dataset is one archive, the same bytes on every server', async () => {
  const [first, second] = [await serverForTest(), await serverForTest()];
  const archive = await bytesOf(await fetch(await signedUrl(first)));
  expect(await entriesOf(archive)).toEqual({
    'a.csv': 'x\n1\n',
    'folder/noise.bin': NOISE.toString('latin1'),
    'large.csv': LARGE_CSV,
  });
  expect((await bytesOf(await fetch(await signedUrl(second)))).equals(archive)).toBe(true);
});

test('a large text file arrives zipped, a small or raw one as it is', async () => {
  const server = await serverForTest();
  const zipped = await signedUrl(server, 'large.csv');
  expect(new URL(zipped).pathname).toMatch(/\/large\.csv\.zip$/);
  const entries = await entriesOf(await bytesOf(await fetch(zipped)));
  expect(entries).toEqual({ 'large.csv': LARGE_CSV });
  expect(new URL(await signedUrl(server, 'a.csv')).pathname).toMatch(/\/a\.csv$/);
  const body = { ownerSlug: 'owner', datasetSlug: 'set', fileName: 'large.csv', raw: true };
  const raw = (await call(server, 'DownloadDataset', body)).headers.get('location') ?? '';
  expect(await (await fetch(raw)).text()).toBe(LARGE_CSV);
});

test.each([
  ['bytes=100-', 206, 'bytes 100-299999/300000', NOISE.subarray(100)],
  ['bytes=0-9', 206, 'bytes 0-9/300000', NOISE.subarray(0, 10)],
  ['bytes=-5', 206, 'bytes 299995-299999/300000', NOISE.subarray(-5)],
  ['bytes=5-999999', 206, 'bytes 5-299999/300000', NOISE.subarray(5)],
  ['lines=1-2', 200, null, NOISE],
])('Range %s answers %i with the asked bytes', async (range, status, contentRange, expected) => {
  const server = await serverForTest();
  const answer = await fetch(await signedUrl(server, 'folder/noise.bin'), { headers: { range } });
  expect(answer.status).toBe(status);
  expect(answer.headers.get('content-range')).toBe(contentRange);
  expect((await bytesOf(answer)).equals(expected)).toBe(true);
});

test('a range past the end answers 416 with the true size', async () => {
  const server = await serverForTest();
  const headers = { range: 'bytes=300000-' };
  const answer = await fetch(await signedUrl(server, 'folder/noise.bin'), { headers });
  expect(answer.status).toBe(416);
  expect(answer.headers.get('content-range')).toBe('bytes */300000');
});

test('If-Range continues the same object, by tag or by date, and restarts another', async () => {
  const server = await serverForTest();
  const url = await signedUrl(server, 'folder/noise.bin');
  const whole = await fetch(url);
  await whole.arrayBuffer();
  const status = async (ifRange: string) => {
    const answer = await fetch(url, { headers: { range: 'bytes=10-', 'if-range': ifRange } });
    await answer.arrayBuffer();
    return answer.status;
  };
  expect(await status(whole.headers.get('etag') ?? '')).toBe(206);
  expect(await status(whole.headers.get('last-modified') ?? '')).toBe(206);
  expect(await status('"another"')).toBe(200);
});

test('an expired or altered URL is refused as the storage host words it', async () => {
  const server = await serverForTest({ urlLifetimeMs: -1 });
  const expired = await fetch(await signedUrl(server));
  expect(expired.status).toBe(400);
  expect(await expired.text()).toContain('<Code>ExpiredToken</Code>');
  const altered = (await signedUrl(await serverForTest())).replace('archive', 'other');
  const refused = await fetch(altered);
  expect(refused.status).toBe(403);
  expect(await refused.text()).toContain('<Code>SignatureDoesNotMatch</Code>');
});

test('the API port serves as a proxy: absolute targets reach the API and the storage host', async () => {
  const server = await serverForTest();
  const api = await throughProxy(
    server.port,
    'POST',
    'http://localhost/api/v1/datasets.DatasetApiService/DownloadDataset',
    {
      ownerSlug: 'owner',
      datasetSlug: 'set',
      fileName: 'a.csv',
    },
  );
  expect(api.status).toBe(302);
  const file = await throughProxy(server.port, 'GET', api.location ?? '');
  expect(file).toMatchObject({ status: 200, text: 'x\n1\n' });
  expect(server.requests.map(({ host }) => host)).toEqual(['api', 'storage']);
});

function throughProxy(
  port: number,
  method: string,
  target: string,
  body?: object,
): Promise<{ status: number | undefined; location: string | undefined; text: string }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port, method, path: target }, (answer) => {
      buffer(answer).then(
        (bytes) =>
          resolve({
            status: answer.statusCode,
            location: answer.headers.location,
            text: bytes.toString(),
          }),
        reject,
      );
    });
    request.on('error', reject);
    request.end(body && JSON.stringify(body));
  });
}

async function entriesOf(archive: Buffer): Promise<Record<string, string>> {
  const zip = await yauzl.fromBufferPromise(archive);
  const contents: Record<string, string> = {};
  for await (const entry of zip.eachEntry()) {
    const bytes = await buffer(await zip.openReadStreamPromise(entry));
    contents[entry.fileName] = bytes.toString('latin1');
  }
  return contents;
}
