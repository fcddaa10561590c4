/** Unpacking while the archive arrives: what is there at the last byte, and when it is not to be used. */
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
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
import { zipOf } from '../helpers/zip.js';

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
