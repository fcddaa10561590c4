/** The rest of a file, or something else: what a resumed download puts behind the bytes it has. */
import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import { httpServer } from '../helpers/http-server.js';
import {
  cacheForTest,
  datasetEntry,
  failureOf,
  obtainOptions,
  sourcesForTest,
} from '../helpers/kaggle-for-test.js';
import { noiseBytes } from '../helpers/noise-bytes.js';

const OLD = noiseBytes(400_000, 'old');
const NEW = noiseBytes(400_000, 'new');
const CUT_AT = 150_000;
const ETAG = { etag: '"old"' };
const LONG_AGO = { 'last-modified': 'Mon, 01 Jan 2024 00:00:00 GMT' };

type Headers = Record<string, string | number>;

/** A file that is cut once, and is another one afterwards; `rest` answers the request for the rest of it. */
async function resumed(
  first: Headers,
  rest: (response: ServerResponse, start: number) => void,
): Promise<{ content: Buffer; ranges: (string | undefined)[] }> {
  const server = await httpServer((request, response) => {
    const start = Number(/\d+/.exec(request.headers.range ?? '')?.[0] ?? 0);
    if (server.requests.length === 1) {
      response.writeHead(200, { ...first, 'content-length': OLD.length });
      response.write(OLD.subarray(0, CUT_AT), () => response.destroy());
    } else if (start > 0) rest(response, start);
    else response.writeHead(200, { etag: '"new"', 'content-length': NEW.length }).end(NEW);
  });
  const sources = sourcesForTest('http://127.0.0.1:9');
  const { cache } = await cacheForTest(sources);
  const entry = datasetEntry({ source: { url: `${server.url}/data.bin` } });
  const pin = { kind: 'url', reference: server.url, version: '1', description: {} } as const;
  const { key } = await cache.obtain(entry, pin, obtainOptions);
  const content = await readFile((await cache.files(key))[0]!.absolutePath);
  return { content, ranges: server.requests.map(({ headers }) => headers.range) };
}

const rangeOf = (start: number, end = OLD.length - 1, total: number | string = OLD.length) => ({
  'content-range': `bytes ${start}-${end}/${total}`,
});

/** From the second request on, the file is the new one: nothing of it may be put behind the old bytes. */
const unfit: [string, Headers, (start: number) => Headers][] = [
  ['another ETag: If-Range ignored', ETAG, (start) => ({ etag: '"new"', ...rangeOf(start) })],
  ['no ETag though one was given', ETAG, rangeOf],
  ['a weak ETag of the same name', ETAG, (start) => ({ etag: 'W/"old"', ...rangeOf(start) })],
  ['another start', ETAG, (start) => ({ ...ETAG, ...rangeOf(start - 1) })],
  [
    'another size of the whole',
    ETAG,
    (start) => ({ ...ETAG, ...rangeOf(start, 399_999, 500_000) }),
  ],
  ['an end beyond the whole', ETAG, (start) => ({ ...ETAG, ...rangeOf(start, 400_000) })],
  ['no Content-Range', ETAG, () => ETAG],
  ['several ranges', ETAG, () => ({ ...ETAG, 'content-type': 'multipart/byteranges; boundary=x' })],
  [
    'another encoding',
    ETAG,
    (start) => ({ ...ETAG, ...rangeOf(start), 'content-encoding': 'gzip' }),
  ],
  [
    'another date',
    LONG_AGO,
    (start) => ({ 'last-modified': new Date().toUTCString(), ...rangeOf(start) }),
  ],
];

describe('a 206 is not put behind what is there when it has', () => {
  test.each(unfit)('%s', async (_name, first, headers) => {
    const { content } = await resumed(first, (response, start) => {
      response.writeHead(206, headers(start)).end(NEW.subarray(start));
    });
    expect(content.equals(NEW)).toBe(true);
  });
});

test('a 206 of the same file is, also when its ETag is a date', async () => {
  for (const first of [ETAG, LONG_AGO]) {
    const { content, ranges } = await resumed(first, (response, start) => {
      response.writeHead(206, { ...first, ...rangeOf(start) }).end(OLD.subarray(start));
    });
    expect(content.equals(OLD)).toBe(true);
    expect(ranges.length).toBe(2);
  }
});

test.each([
  ['a weak ETag', { etag: 'W/"old"' }],
  ['a weak ETag with a date', { etag: 'W/"old"', ...LONG_AGO }],
  ['a date of this moment', { 'last-modified': new Date(Date.now() + 60_000).toUTCString() }],
])('behind %s nothing is resumed: it cannot tell one byte from another', async (_name, first) => {
  const { content, ranges } = await resumed(first, () => undefined);
  expect(content.equals(NEW)).toBe(true);
  expect(ranges).toEqual([undefined, undefined]);
});

test('a 200 in reply to Range starts over', async () => {
  const { content } = await resumed(ETAG, (response) => response.writeHead(200, ETAG).end(NEW));
  expect(content.equals(NEW)).toBe(true);
});

test('a 416 that ends another file of the length that is here does not complete it', async () => {
  const { content } = await resumed(ETAG, (response, start) => {
    response.writeHead(416, { 'content-range': `bytes */${start}` }).end();
  });
  expect(content.equals(NEW)).toBe(true);
});

test.each([206, 204])('a whole file is not taken from a %i', async (status) => {
  const server = await httpServer((_request, response) => {
    response
      .writeHead(status, { ...ETAG, ...rangeOf(5) })
      .end(status === 206 ? OLD.subarray(5) : undefined);
  });
  const sources = sourcesForTest('http://127.0.0.1:9');
  const { cache } = await cacheForTest(sources);
  const entry = datasetEntry({ source: { url: `${server.url}/data.bin` } });
  const pin = { kind: 'url', reference: server.url, version: '1', description: {} } as const;
  const failure = await failureOf(cache.obtain(entry, pin, obtainOptions));
  expect(failure.code).toBe('SOURCE_ANSWER_INVALID');
});
