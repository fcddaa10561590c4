/** Bad input from an address, of which nothing is known beforehand: what is refused, and what is mended. */
import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import { expectLeft } from '../helpers/cache-bytes.js';
import { httpServer, serveBytes, type Handler } from '../helpers/http-server.js';
import {
  cacheForTest,
  datasetEntry,
  failureOf,
  obtainOptions,
  sourcesForTest,
} from '../helpers/kaggle-for-test.js';

const CSV = Buffer.from(`n\n${'1234567\n'.repeat(50_000)}`);

/** A `url:` source without a length, a checksum or a version that it must be: nothing is known beforehand. */
async function fromAddress(handler: Handler, changes: Parameters<typeof cacheForTest>[1] = {}) {
  const server = await httpServer(handler);
  const sources = sourcesForTest('http://127.0.0.1:9');
  const { cache, directory } = await cacheForTest(sources, changes);
  const entry = datasetEntry({ source: { url: `${server.url}/data.csv` } });
  const pin = { kind: 'url', reference: server.url, version: '1', description: {} } as const;
  const obtain = () => cache.obtain(entry, pin, obtainOptions);
  const content = async () => readFile((await cache.files((await obtain()).key))[0]!.absolutePath);
  return { server, directory, obtain, content };
}

/** Sends the head of a body and cuts the connection. */
function cutShort(response: ServerResponse, body: Buffer, etag: string, bytes: number): void {
  response.writeHead(200, { etag, 'content-length': body.length });
  response.write(body.subarray(0, bytes), () => response.destroy());
}

describe('from an address:', () => {
  const redirects: [string, (port: number) => string, string][] = [
    [
      'a host that no name server knows',
      () => 'http://no-such-host.invalid/x.csv',
      'SOURCE_UNREACHABLE',
    ],
    ['a host where nobody listens', () => 'http://127.0.0.1:9/x.csv', 'SOURCE_UNREACHABLE'],
    ['a host that speaks no TLS', (port) => `https://127.0.0.1:${port}/x.csv`, 'SOURCE_TLS_FAILED'],
    ['no address at all', () => 'file:///etc/passwd', 'SOURCE_REFERENCE_INVALID'],
  ];
  test.each(redirects)('a redirect to %s', async (_name, to, code) => {
    const { server, directory, obtain } = await fromAddress((_request, response) =>
      response.writeHead(302, { location: to(server.port) }).end(),
    );
    expect((await failureOf(obtain())).code).toBe(code);
    await expectLeft(directory, 'nothing');
  });

  test.each([
    ['grew', Buffer.concat([CSV, Buffer.from('8\n')])],
    ['shrank', CSV.subarray(0, 160_000)],
    ['shrank below what was there', CSV.subarray(0, 80_000)],
  ])('a file that %s during the download: the new one, from its start', async (_name, after) => {
    const { server, content } = await fromAddress((request, response) => {
      if (server.requests.length === 1) cutShort(response, CSV, '"before"', 100_000);
      else serveBytes(request, response, after, '"after"');
    });
    expect((await content()).equals(after)).toBe(true);
  });

  test('a file that shrank on a server that forgets to say so: nothing of it is kept', async () => {
    const after = CSV.subarray(0, 80_000);
    const { server, content } = await fromAddress((request, response) => {
      const start = Number(/\d+/.exec(request.headers.range ?? '')?.[0] ?? 0);
      if (server.requests.length === 1) cutShort(response, CSV, '"same"', 100_000);
      else if (start > after.length) {
        response.writeHead(416, { 'content-range': `bytes */${after.length}` }).end();
      } else serveBytes(request, response, after, '"same"');
    });
    expect((await content()).equals(after)).toBe(true);
  });

  test('a server without ETag and date: a broken download starts again', async () => {
    const { server, content } = await fromAddress((_request, response) => {
      if (server.requests.length > 1) response.end(CSV);
      else {
        response.writeHead(200, { 'content-length': CSV.length });
        response.write(CSV.subarray(0, 200_000), () => response.destroy());
      }
    });
    expect((await content()).equals(CSV)).toBe(true);
    expect(server.requests[1]?.headers.range).toBeUndefined();
  });

  test('a body without length or end: stopped at the size of the cache, and removed', async () => {
    const { directory, obtain } = await fromAddress(
      (_request, response) => {
        const more = (): void => {
          while (response.write(CSV));
          response.once('drain', more);
        };
        more();
      },
      { maxBytes: 2_000_000 },
    );
    expect((await failureOf(obtain())).code).toBe('DOWNLOAD_TOO_LARGE');
    await expectLeft(directory, 'nothing');
  });
});
