/** Unpacking while the archive arrives: what is there at the last byte, and when it is not to be used. */
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import yazl from 'yazl';
import { readZipStream } from '../../src/cache/zip-stream.js';
import { datasetSchema, settingsSchema } from '../../src/config/datasets.js';
import { pathAhead, unpack, wantsAhead } from '../../src/convert/index.js';
import {
  cacheForTest,
  failureOf,
  impatientCache,
  kaggleEntry,
  kaggleForTest,
  obtainOptions,
  REF,
  signal,
  sourcesForTest,
  temporaryFolder,
} from '../helpers/kaggle-for-test.js';
import { noiseBytes } from '../helpers/noise-bytes.js';
import { propertyCases } from '../helpers/properties.js';

const rows = (count: number): string =>
  `n,square\n${Array.from({ length: count }, (_, n) => `${n},${n * n}\n`).join('')}`;
const TABLES = { 'big.csv': rows(60_000), 'folder/small.csv': 'x\n1\n' };
/** Archives of less are left to the unpacking. */
const LARGE = noiseBytes(5_000_000, 'photo');
const inflate = { wants: wantsAhead(undefined), pathOf: pathAhead, maxBytes: 1e9, maxRatio: 1000 };
const { limits } = settingsSchema.parse({});

async function setUp(photo = LARGE) {
  const files = { ...TABLES, 'photo.jpg': photo };
  const server = await kaggleForTest({ datasets: [{ ref: REF, files }] });
  const sources = sourcesForTest(server.url);
  const { cache, directory } = await cacheForTest(sources);
  const pin = await sources.pin(kaggleEntry, { signal });
  const obtain = (rules = inflate, by = cache) =>
    by.obtain(kaggleEntry, pin, { ...obtainOptions, inflate: rules });
  const unpackInto = async (key: string) => {
    const workDirectory = await temporaryFolder();
    const request = { files: await cache.files(key), workDirectory, entry: kaggleEntry };
    const { tables } = await unpack({ ...request, limits, signal });
    return tables.map((table) => ({ ...table, absolutePath: join(workDirectory, table.file) }));
  };
  return { server, cache, directory, obtain, unpackInto };
}

async function contents(members: readonly { absolutePath: string }[] = []): Promise<string[]> {
  const texts = members.map(({ absolutePath }) => readFile(absolutePath, 'utf8'));
  return (await Promise.all(texts)).sort();
}

test('the tables are on disk with the last byte, nothing else is, and unpacking only names them', async () => {
  const { cache, obtain, unpackInto } = await setUp();
  const { key } = await obtain();
  const [archive] = await cache.files(key);
  expect(await contents(archive?.inflated)).toEqual(Object.values(TABLES).sort());
  const tables = await unpackInto(key);
  const inodes = async (files: readonly { absolutePath: string }[]) =>
    (await Promise.all(files.map(async (file) => (await stat(file.absolutePath)).ino))).sort();
  expect(await inodes(tables)).toEqual(await inodes(archive?.inflated ?? []));
  expect(await contents(tables)).toEqual(Object.values(TABLES).sort());
});

test('they leave the cache when an import has them, and the import keeps them', async () => {
  const { cache, obtain, unpackInto } = await setUp();
  const { key } = await obtain();
  const before = (await cache.status()).bytes;
  const tables = await unpackInto(key);
  await cache.dropInflated(key);
  expect((await cache.files(key))[0]?.inflated).toBeUndefined();
  expect((await cache.status()).bytes).toBeLessThan(before - TABLES['big.csv'].length + 1);
  expect(await contents(tables)).toEqual(Object.values(TABLES).sort());
  expect(await contents(await unpackInto(key))).toEqual(Object.values(TABLES).sort());
});

test('a download that breaks, and one that another process goes on with, unpack the same', async () => {
  const { server, cache, directory, obtain } = await setUp();
  server.faults.add({ kind: 'cut', afterBytes: 4_500_000 });
  server.faults.add({ kind: 'cut', afterBytes: 100_000 });
  server.faults.add({ kind: 'hang', afterBytes: 50_000 });
  const impatient = await impatientCache(server.url, directory);
  expect((await failureOf(obtain(inflate, impatient))).code).toBe('DOWNLOAD_STALLED');
  const { key } = await obtain();
  const [archive] = await cache.files(key);
  expect(await contents(archive?.inflated)).toEqual(Object.values(TABLES).sort());
});

test('what was unpacked before the machine started again is not used: the disk may never have had it', async () => {
  const { cache, directory, obtain, unpackInto } = await setUp();
  const { key } = await obtain();
  const inflated = join(directory, 'entries', key, 'inflated');
  const names = await readdir(inflated, { recursive: true });
  const noted = join(
    inflated,
    names.find((name) => name.endsWith('members.json'))!,
  );
  const text = await readFile(noted, 'utf8');
  await writeFile(noted, text.replace(/"boot":"[^"]*"/, '"boot":"another"'));
  expect((await cache.files(key))[0]?.inflated).toBeUndefined();
  expect(await contents(await unpackInto(key))).toEqual(Object.values(TABLES).sort());
});

test('a small archive is left to the unpacking', async () => {
  const { cache, obtain, unpackInto } = await setUp(noiseBytes(1000, 'photo'));
  const { key } = await obtain();
  expect((await cache.files(key))[0]?.inflated).toBeUndefined();
  expect(await contents(await unpackInto(key))).toEqual(Object.values(TABLES).sort());
});

test('of a download that fails its checksum nothing is given out', async () => {
  const { server, directory, obtain } = await setUp();
  server.faults.add({ kind: 'wrong-md5', times: 'always' });
  expect((await failureOf(obtain())).code).toBe('CHECKSUM_MISMATCH');
  const names = await readdir(directory, { recursive: true });
  expect(names.filter((name) => name.endsWith('members.json'))).toEqual([]);
});

test('files that were changed since are not used', async () => {
  const { cache, obtain, unpackInto } = await setUp();
  const { key } = await obtain();
  for (const { absolutePath } of (await cache.files(key))[0]?.inflated ?? []) {
    await writeFile(absolutePath, 'x');
  }
  expect(await contents(await unpackInto(key))).toEqual(Object.values(TABLES).sort());
});

test.each([
  ['more than may be unpacked', { maxBytes: 100_000 }],
  ['more for a byte than may be', { maxRatio: 0.05 }],
])('%s: the download is complete, and nothing was unpacked', async (_name, rules) => {
  const { cache, directory, obtain } = await setUp();
  const { key } = await obtain({ ...inflate, ...rules });
  const [archive] = await cache.files(key);
  expect(archive?.inflated).toBeUndefined();
  expect(await readdir(join(directory, 'entries', key, 'inflated'))).toEqual([]);
});

test('a member that the directory of the archive tells otherwise is judged by the directory', async () => {
  const archive = await zipOf([{ name: 'a.csv', content: Buffer.from('x\n1\n'), options: {} }]);
  const folder = await temporaryFolder();
  const file = { path: 'a.zip', absolutePath: join(folder, 'a.zip'), sha256: '' };
  await writeFile(file.absolutePath, archive);
  const claimed = join(folder, 'claimed');
  await writeFile(claimed, 'evil');
  const inflated = [
    {
      ...{ offset: 0, method: 8, packedBytes: 6, bytes: 4, crc32: 1, sha256: '', mtimeMs: 0 },
      absolutePath: claimed,
    },
  ];
  const workDirectory = join(folder, 'work');
  await mkdir(workDirectory);
  const files = [{ ...file, bytes: archive.length, inflated }];
  const { tables } = await unpack({ files, workDirectory, entry: kaggleEntry, limits, signal });
  expect(await readFile(join(workDirectory, tables[0]!.file), 'utf8')).toBe('x\n1\n');
});

test('names decide what is worth it: tables, as the patterns have it, and no documents that are zips', () => {
  const wants = (member: string, files: object = {}, archive = 'archive.zip') =>
    wantsAhead(datasetSchema.parse({ kaggle_ref: REF, files }).files)(archive, member);
  expect(wants('a/b.csv')).toBe(true);
  expect(wants('a/b.jpg')).toBe(false);
  expect(wants('__MACOSX/b.csv')).toBe(false);
  expect(wants('b.csv', { exclude: ['b.*'] })).toBe(false);
  expect(wants('b.csv', { include: ['c.csv'] })).toBe(false);
  expect(wants('b.weird', { include: ['*.weird'] })).toBe(true);
  expect(wants('xl/sheet.json', {}, 'book.xlsx')).toBe(false);
});

interface Member {
  readonly name: string;
  readonly content: Buffer;
  /** yazl's; `streamed` writes sizes and CRC behind the data. */
  readonly options: { compress?: boolean; forceZip64Format?: boolean; streamed?: boolean };
}

async function zipOf(members: readonly Member[]): Promise<Buffer> {
  const zip = new yazl.ZipFile();
  for (const { name, content, options } of members) {
    const { streamed, ...rest } = options;
    if (streamed) zip.addReadStream(Readable.from([content]), name, rest);
    else zip.addBuffer(content, name, rest);
  }
  zip.end();
  return buffer(zip.outputStream.pipe(new PassThrough()));
}

async function readInPieces(archive: Buffer, sizes: readonly number[]) {
  const found = new Map<string, string>();
  /** All in one buffer: a piece is gone when the next one is asked for. */
  async function* pieces(): AsyncGenerator<Buffer> {
    const piece = Buffer.alloc(Math.max(...sizes));
    for (let at = 0, turn = 0; at < archive.length; turn += 1) {
      const size = sizes[turn % sizes.length]!;
      const bytes = archive.copy(piece, 0, at, at + size);
      at += bytes;
      yield piece.subarray(0, bytes);
      piece.fill(0xee);
    }
  }
  await readZipStream(pieces(), async ({ name }) => {
    const chunks: Buffer[] = [];
    return {
      write: async (piece) => void chunks.push(Buffer.from(piece)),
      end: async (member) => {
        if (member) found.set(name, Buffer.concat(chunks).toString('hex'));
      },
    };
  });
  return found;
}

describe('an archive read from its start', () => {
  test('gives every member, however it is packed and in whatever pieces it comes', async () => {
    const member = fc.record({
      content: fc.uint8Array({ maxLength: 3000 }).map((bytes) => Buffer.from(bytes)),
      options: fc.constantFrom<Member['options']>(
        {},
        { compress: false },
        { streamed: true },
        { streamed: true, forceZip64Format: true },
        { forceZip64Format: true },
      ),
    });
    const piece = fc.integer({ min: 1, max: 2000 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(member, { minLength: 1, maxLength: 5 }),
        fc.array(piece, { minLength: 1, maxLength: 5 }),
        async (drawn, sizes) => {
          const members = drawn.map((one, index) => ({ ...one, name: `${index}.csv` }));
          const found = await readInPieces(await zipOf(members), sizes);
          expect([...found]).toEqual(
            members.map(({ name, content }) => [name, content.toString('hex')]),
          );
        },
      ),
      propertyCases(60),
    );
  });

  test('ends quietly where only the directory knows more: stored data of unknown size', async () => {
    const known = { name: 'a.csv', content: Buffer.from('x\n'), options: {} };
    const unknown = {
      name: 'b.csv',
      content: Buffer.from('y\n'),
      options: { compress: false, streamed: true },
    };
    const found = await readInPieces(
      await zipOf([known, unknown, { ...known, name: 'c.csv' }]),
      [7],
    );
    expect([...found.keys()]).toEqual(['a.csv']);
  });

  test('gives nothing of a member that is cut off, and nothing of what is no archive', async () => {
    const archive = await zipOf([{ name: 'a.csv', content: noiseBytes(5000, 'a'), options: {} }]);
    expect((await readInPieces(archive.subarray(0, 3000), [999])).size).toBe(0);
    expect((await readInPieces(noiseBytes(3000, 'no archive'), [999])).size).toBe(0);
  });
});
