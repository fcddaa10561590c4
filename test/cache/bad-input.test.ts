/** Every kind of bad input from Kaggle, and a full disk: the code, what is left on disk, and the next try. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { pathAhead } from '../../src/convert/unpack/ahead.js';
import { entryKey, entryPaths, numberedName } from '../../src/cache/layout.js';
import type { Cache } from '../../src/cache/index.js';
import type { Fault, FaultMatch } from '../../src/stack/kaggle-server/index.js';
import { expectLeft, type Left } from '../helpers/cache-bytes.js';
import {
  cacheForTest,
  failureOf,
  impatientCache,
  kaggleEntry,
  kaggleForTest,
  NOISE,
  obtainOptions,
  signal,
  sourceOptions,
  sourcesForTest,
} from '../helpers/kaggle-for-test.js';

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
    { ...status(403, storage), times: 2 },
    'SOURCE_FORBIDDEN',
    'nothing',
  ],
  [
    'an address that has expired, and so has the new one',
    { kind: 'expired-url', times: 2 },
    'SOURCE_REFUSED',
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
    const isSilence = fault.kind === 'hang' || fault.kind === 'trickle';
    const faced = isSilence ? await impatientCache(server.url, directory) : cache;
    const inflate = { wants: () => true, pathOf: pathAhead, maxBytes: 1e9, maxRatio: 1000 };
    const obtain = (from: Cache) => from.obtain(kaggleEntry, pin, { ...obtainOptions, inflate });
    server.faults.add(fault);
    expect(await failureOf(obtain(faced))).toMatchObject({ code });
    const leftBytes = await expectLeft(directory, left);
    expect(await cache.status()).toMatchObject({ entries: 0, misses: 0 });
    server.faults.clear();
    const { bytes, transferredBytes } = await obtain(cache);
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
    const folder = entryPaths(directory, entryKey(kaggleEntry, pin)).partial;
    const notes = join(folder, `${numberedName('archive.zip')}.partial.json.tmp`);
    await mkdir(folder, { recursive: true });
    // full(4): every write to it fails with ENOSPC.
    await symlink('/dev/full', notes);
    const failure = await failureOf(cache.obtain(kaggleEntry, pin, obtainOptions));
    expect(failure.code).toBe('DISK_FULL');
    await rm(notes);
    expect(NOISE.length).toBeLessThan((await cache.obtain(kaggleEntry, pin, obtainOptions)).bytes);
  });
});
