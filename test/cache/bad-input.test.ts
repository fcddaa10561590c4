/** Every kind of bad input: its code, what it leaves on disk (a partial to go on from, or nothing), and the next try. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, rm, stat, symlink } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import type { Fault, FaultMatch } from '../../src/stack/kaggle-server/index.js';
import { httpServer, serveBytes, type Handler } from '../helpers/http-server.js';
import {
  cacheForTest,
  datasetEntry,
  failureOf,
  kaggleEntry,
  kaggleForTest,
  NOISE,
  obtainOptions,
  signal,
  sourceOptions,
  sourcesForTest,
} from '../helpers/kaggle-for-test.js';

type Left = 'nothing' | 'a partial';

/** Paths below the cache of all that holds downloaded bytes, finished or not. */
async function bytesIn(directory: string): Promise<string[]> {
  const names = await readdir(directory, { recursive: true });
  const files = names.filter((name) => /\.partial$|\/files\/|\/inflated\/\w+\/\d+$/.test(name));
  return files.map((name) => join(directory, name));
}

async function expectLeft(directory: string, left: Left): Promise<number> {
  const files = await bytesIn(directory);
  expect(files.map((file) => file.slice(file.lastIndexOf('.')))).toEqual(
    left === 'nothing' ? [] : ['.partial'],
  );
  return files[0] === undefined ? 0 : (await stat(files[0])).size;
}

const api: FaultMatch = { service: 'DownloadDataset' };
const storage: FaultMatch = { storage: true };
const always = { times: 'always' } as const;
const status = (code: number, match: FaultMatch): Fault => ({
  kind: 'status',
  status: code,
  match,
});

const kaggleFaults: [string, Fault, string, Left][] = [
  ['a web page instead of the archive', { kind: 'html' }, 'DOWNLOAD_NOT_DATA', 'nothing'],
  ['an empty file', { kind: 'truncated', toBytes: 0 }, 'DOWNLOAD_EMPTY', 'nothing'],
  ['a file of one byte', { kind: 'truncated', toBytes: 1 }, 'DOWNLOAD_NOT_DATA', 'nothing'],
  [
    'drops, each time a little later',
    { kind: 'cut', afterBytes: 20_000, ...always },
    'DOWNLOAD_INTERRUPTED',
    'a partial',
  ],
  ['a length too short', { kind: 'wrong-length', byBytes: -100 }, 'CHECKSUM_MISMATCH', 'nothing'],
  ['a wrong MD5', { kind: 'wrong-md5' }, 'CHECKSUM_MISMATCH', 'nothing'],
  ['one wrong byte', { kind: 'corrupt' }, 'CHECKSUM_MISMATCH', 'nothing'],
  ['an endless body', { kind: 'endless' }, 'DOWNLOAD_TOO_LARGE', 'nothing'],
  ['a trickle', { kind: 'trickle', everyMs: 50 }, 'DOWNLOAD_STALLED', 'a partial'],
  ['silence in the middle', { kind: 'hang', afterBytes: 150_000 }, 'DOWNLOAD_STALLED', 'a partial'],
  ['silence instead of an answer', { kind: 'hang' }, 'SOURCE_UNREACHABLE', 'nothing'],
  ['401 from the API', status(401, api), 'CREDENTIALS_REJECTED', 'nothing'],
  ['401 from the storage host', status(401, storage), 'CREDENTIALS_REJECTED', 'nothing'],
  ['403 from the API', status(403, api), 'SOURCE_FORBIDDEN', 'nothing'],
  [
    '403 from the storage host, also for a new address',
    { kind: 'expired-url', times: 2 },
    'SOURCE_FORBIDDEN',
    'nothing',
  ],
  ['404 from the API: of a version that exists', status(404, api), 'DATASET_NOT_READY', 'nothing'],
  ['404 from the storage host', status(404, storage), 'DATASET_NOT_READY', 'nothing'],
  ['410', status(410, api), 'SOURCE_GONE', 'nothing'],
  ['429 from the API', { kind: 'too-many-requests', match: api }, 'RATE_LIMITED', 'nothing'],
  [
    '429 from the storage host',
    { kind: 'too-many-requests', match: storage },
    'RATE_LIMITED',
    'nothing',
  ],
  ['500', status(500, api), 'SOURCE_SERVER_ERROR', 'nothing'],
  ['503 from the storage host', status(503, storage), 'SOURCE_SERVER_ERROR', 'nothing'],
  [
    'an error under HTTP 200',
    { kind: 'error-in-200', match: api },
    'SOURCE_SERVER_ERROR',
    'nothing',
  ],
  [
    'a web page instead of the address',
    { kind: 'html', match: api },
    'SOURCE_ANSWER_INVALID',
    'nothing',
  ],
  ['a version that is not ready', { kind: 'not-ready' }, 'DATASET_NOT_READY', 'nothing'],
];

describe('from Kaggle:', () => {
  test.each(kaggleFaults)('%s', async (_name, fault, code, left) => {
    const server = await kaggleForTest();
    const sources = sourcesForTest(server.url);
    const pin = await sources.pin(kaggleEntry, { signal });
    const { cache, directory } = await cacheForTest(sources);
    const inflate = { wants: () => true, maxBytes: 1e9, maxRatio: 1000 };
    const obtain = () => cache.obtain(kaggleEntry, pin, { ...obtainOptions, inflate });
    server.faults.add(fault);
    expect(await failureOf(obtain())).toMatchObject({ code });
    const leftBytes = await expectLeft(directory, left);
    expect(await cache.status()).toMatchObject({ entries: 0, misses: 0 });
    server.faults.clear();
    const { bytes, transferredBytes } = await obtain();
    expect(transferredBytes).toBe(bytes - leftBytes);
  });

  test('drops in the middle of a resumed download: the partial only grows', async () => {
    const server = await kaggleForTest();
    const sources = sourcesForTest(server.url);
    const pin = await sources.pin(kaggleEntry, { signal });
    const { cache, directory } = await cacheForTest(sources);
    let before = 0;
    for (const afterBytes of [100_000, 120_000]) {
      server.faults.add({ kind: 'cut', afterBytes });
      server.faults.add({ kind: 'status', status: 503, match: storage, times: 20 });
      await failureOf(cache.obtain(kaggleEntry, pin, obtainOptions));
      const left = await expectLeft(directory, 'a partial');
      expect(left).toBeGreaterThan(before);
      before = left;
      server.faults.clear();
    }
  });
});

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

describe('a full disk in the middle of a download:', () => {
  test('a limit on the size of files: DISK_FULL, and the next try goes on from there', async () => {
    const server = await kaggleForTest();
    const sources = sourcesForTest(server.url);
    const pin = await sources.pin(kaggleEntry, { signal });
    const { cache, directory } = await cacheForTest(sources);
    const request = {
      sourceOptions: sourceOptions(server.url),
      directory,
      entry: kaggleEntry,
      pin,
    };
    const program = join(import.meta.dirname, '..', 'helpers', 'obtain-process.js');
    // setrlimit(2) works for everybody and anywhere; 200 blocks of 1,024 bytes, as bash counts them.
    const limited = ['-c', 'ulimit -f 200 && exec "$@"', 'bash', process.execPath, program];
    const child = spawn('bash', [...limited, JSON.stringify(request)]);
    const [problems, [exitCode]] = await Promise.all([
      text(child.stderr),
      once(child, 'exit') as Promise<[number]>,
    ]);
    expect(exitCode).not.toBe(0);
    expect(problems).toContain('DISK_FULL');
    expect(await expectLeft(directory, 'a partial')).toBe(200 * 1024);
    const { bytes, transferredBytes } = await cache.obtain(kaggleEntry, pin, obtainOptions);
    expect(transferredBytes).toBe(bytes - 200 * 1024);
  });

  test.runIf(process.platform === 'linux')('no space left on the device: DISK_FULL', async () => {
    const server = await kaggleForTest();
    const sources = sourcesForTest(server.url);
    const pin = await sources.pin(kaggleEntry, { signal });
    const { cache, directory } = await cacheForTest(sources);
    server.faults.add({ kind: 'hang', afterBytes: 100_000 });
    await failureOf(cache.obtain(kaggleEntry, pin, obtainOptions));
    const [partial = ''] = await bytesIn(directory);
    // full(4): every write to it fails with ENOSPC.
    await rm(partial);
    await symlink('/dev/full', partial);
    const failure = await failureOf(cache.obtain(kaggleEntry, pin, obtainOptions));
    expect(failure.code).toBe('DISK_FULL');
    await rm(partial);
    expect(NOISE.length).toBeLessThan((await cache.obtain(kaggleEntry, pin, obtainOptions)).bytes);
  });
});
