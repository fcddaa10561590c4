/** Archives built to harm are refused by name, and nothing is left or written outside. */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { gzipSync } from 'node:zlib';
import { Header } from 'tar';
import { expect, test } from 'vitest';
import { ZipFile } from 'yazl';
import { datasetSchema, settingsSchema } from '../../../src/config/datasets.js';
import { unpack, type UnpackResult } from '../../../src/convert/unpack/index.js';

type Limits = Parameters<typeof unpack>[0]['limits'];

async function unpackBytes(
  name: string,
  bytes: Buffer,
  limits: Partial<Limits> = {},
): Promise<UnpackResult & { folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'unpack-'));
  const absolutePath = join(folder, 'download');
  await writeFile(absolutePath, bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const result = await unpack({
    files: [{ path: name, absolutePath, bytes: bytes.length, sha256 }],
    workDirectory: folder,
    entry: { name: 'd', ...datasetSchema.parse({ source: { path: '/d' } }) },
    limits: { ...settingsSchema.parse({}).limits, ...limits },
    signal: new AbortController().signal,
  }).catch(async (error: unknown) => {
    expect((await readdir(folder)).sort()).toEqual(['download']);
    throw error;
  });
  return { ...result, folder };
}

async function zip(entries: ReadonlyArray<readonly [string, Buffer | string, number?]>) {
  const file = new ZipFile();
  for (const [name, content, mode] of entries) {
    file.addBuffer(Buffer.from(content), name, mode === undefined ? {} : { mode });
  }
  file.end();
  const path = join(await mkdtemp(join(tmpdir(), 'zip-')), 'a.zip');
  await pipeline(file.outputStream, createWriteStream(path));
  return readFile(path);
}

/** yazl refuses hostile names, so a harmless one of the same length is overwritten. */
function renamed(archive: Buffer, from: string, to: string): Buffer {
  expect(to.length).toBe(from.length);
  return Buffer.from(archive.toString('latin1').replaceAll(from, to), 'latin1');
}

function tarOf(path: string, type: 'File' | 'SymbolicLink' | 'Link' | 'FIFO', body = ''): Buffer {
  const head = Buffer.alloc(512);
  const linkpath = type.includes('Link') ? '/etc/passwd' : '';
  new Header({ path, type, size: body.length, linkpath, mode: 0o644 }).encode(head);
  const data = Buffer.alloc(Math.ceil(body.length / 512) * 512);
  data.write(body);
  return Buffer.concat([head, data, Buffer.alloc(1024)]);
}

const CSV = 'a,b\n1,2\n';

test.each([
  '../evil.csv',
  '/abs/ex.csv',
  'C:/abs1.csv',
  '..\\evil.csv',
  'nul\0l01.csv',
  'ctl\x1bl01.csv',
])('a zip entry named %j is refused', async (name) => {
  const harmless = 'x'.repeat(name.length);
  const archive = renamed(await zip([[harmless, CSV]]), harmless, name);
  await expect(unpackBytes('a.zip', archive)).rejects.toMatchObject({ code: 'ARCHIVE_UNSAFE' });
});

test('names that come twice and symbolic links are refused', async () => {
  const twice = renamed(
    await zip([
      ['aa.csv', CSV],
      ['bb.csv', CSV],
    ]),
    'bb.csv',
    'aa.csv',
  );
  const link = await zip([['a.csv', '/etc/passwd', 0o120777]]);
  for (const archive of [twice, link]) {
    await expect(unpackBytes('a.zip', archive)).rejects.toMatchObject({ code: 'ARCHIVE_UNSAFE' });
  }
});

test('names that differ by the case of their letters are two files', async () => {
  const archive = await zip([
    ['Data.csv', CSV],
    ['data.csv', CSV],
  ]);
  const { tables } = await unpackBytes('a.zip', archive);
  expect(tables.map(({ name, originalPath }) => [name, originalPath])).toEqual([
    ['data', 'Data.csv'],
    ['data_2', 'data.csv'],
  ]);
});

test('names that look the same, composed and decomposed, are two files', async () => {
  const names = ['café.csv', 'cafe\u0301.csv'];
  const archive = await zip(names.map((name) => [name, CSV]));
  const { tables } = await unpackBytes('a.zip', archive);
  expect(tables.map(({ name, originalPath }) => [name, originalPath])).toEqual([
    ['cafe_2', names[0]],
    ['cafe', names[1]],
  ]);
});

test('links, pipes and escapes in tar archives are refused', async () => {
  for (const archive of [
    tarOf('l.csv', 'SymbolicLink'),
    tarOf('l.csv', 'Link'),
    tarOf('l.csv', 'FIFO'),
    tarOf('../l.csv', 'File', CSV),
  ]) {
    await expect(unpackBytes('a.tar.gz', gzipSync(archive))).rejects.toMatchObject({
      code: 'ARCHIVE_UNSAFE',
    });
  }
});

test('bombs are stopped by ratio, size, entries and nesting', async () => {
  const zeros = Buffer.alloc(2_000_000, 48);
  const bomb = await zip([['z.csv', zeros]]);
  let nested = await zip([['a.csv', CSV]]);
  for (let depth = 0; depth < 4; depth++) nested = await zip([['in.zip', nested]]);
  const many = await zip([
    ['a.csv', CSV],
    ['b.csv', CSV],
    ['c.csv', CSV],
  ]);
  for (const [name, archive, limits] of [
    ['a.zip', bomb, { max_ratio: 100 }],
    ['a.csv.gz', gzipSync(zeros), { max_ratio: 100 }],
    ['a.zip', bomb, { max_unpacked_size: 1_000_000 }],
    ['a.zip', nested, {}],
    ['a.zip', many, { max_entries: 2 }],
  ] as const) {
    await expect(unpackBytes(name, archive, limits)).rejects.toMatchObject({
      code: 'ARCHIVE_TOO_LARGE',
    });
  }
});

test('what is left in its archive does not count as an entry, but cannot be without end', async () => {
  const pictures = (count: number): Array<[string, string]> =>
    Array.from({ length: count }, (_x, number) => [`${number}.jpg`, '']);
  const tables: Array<[string, string]> = [
    ['a.csv', CSV],
    ['b.csv', CSV],
  ];
  const some = await zip([...pictures(15), ...tables]);
  expect((await unpackBytes('a.zip', some, { max_entries: 2 })).tables).toHaveLength(2);
  const many = await zip([...pictures(20), ...tables]);
  await expect(unpackBytes('a.zip', many, { max_entries: 2 })).rejects.toMatchObject({
    code: 'ARCHIVE_TOO_LARGE',
    message: expect.stringContaining('10 times limits.max_entries') as string,
  });
});

test('truncated, damaged and encrypted archives are told apart', async () => {
  const good = await zip([['a.csv', CSV.repeat(500)]]);
  const damaged = Buffer.from(good);
  damaged[good.indexOf('a.csv') + 8]! ^= 0xff;
  const encrypted = Buffer.from(good);
  const central = encrypted.indexOf('PK\x01\x02', 0, 'latin1');
  encrypted[central + 8]! |= 1;
  const gz = gzipSync(CSV.repeat(500));
  for (const [name, bytes, code] of [
    ['a.zip', good.subarray(0, -30), 'ARCHIVE_DAMAGED'],
    ['a.zip', damaged, 'ARCHIVE_DAMAGED'],
    ['a.zip', encrypted, 'ARCHIVE_ENCRYPTED'],
    ['a.csv.gz', gz.subarray(0, -12), 'ARCHIVE_DAMAGED'],
    ['a.tar', tarOf('a.csv', 'File', CSV.repeat(500)).subarray(0, 1000), 'ARCHIVE_DAMAGED'],
    ['a.zip', await zip([['readme.md', 'x']]), 'NO_TABLES'],
    ['a.zip', await zip([]), 'ARCHIVE_EMPTY'],
  ] as const) {
    await expect(unpackBytes(name, bytes), `${name} ${code}`).rejects.toMatchObject({ code });
  }
});

test('tables are found through nesting, named, hashed, and found again by the marker', async () => {
  const inner = await zip([['Été 2021.csv', CSV]]);
  const archive = await zip([
    ['data/inner.zip', inner],
    ['2021/b.csv.gz', gzipSync(CSV)],
    ['cat.jpg', 'x'],
    ['__MACOSX/._a.csv', 'x'],
  ]);
  const { tables, skipped, folder } = await unpackBytes('a.zip', archive);
  expect(tables.map(({ name, originalPath }) => [name, originalPath])).toEqual([
    ['data__inner__ete_2021', 'data/inner.zip/Été 2021.csv'],
    ['t_2021__b', '2021/b.csv.gz'],
  ]);
  for (const table of tables) {
    const bytes = await readFile(join(folder, table.file));
    expect(bytes.toString()).toBe(CSV);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(table.sourceSha256);
  }
  expect(skipped.map(({ reason }) => reason)).toEqual([
    'not tabular',
    'left by an operating system',
  ]);
  expect(await readdir(folder)).toContain('unpacked.json');
});
