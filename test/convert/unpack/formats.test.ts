/** Every format of the issue is found in plain, compressed, archived and nested files; what is no table is listed. */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import * as zlib from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { Header } from 'tar';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ZipFile } from 'yazl';
import { datasetSchema, settingsSchema } from '../../../src/config/datasets.js';
import { unpack, type UnpackResult } from '../../../src/convert/unpack/index.js';
import { tableKind } from '../../../src/convert/unpack/table-kind.js';

const CSV = 'a,b\n1,2\n';
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unpack-formats-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function unpackFiles(
  contents: Readonly<Record<string, Buffer | string>>,
): Promise<UnpackResult & { workDirectory: string }> {
  const workDirectory = await mkdtemp(join(folder, 'work-'));
  const files = await Promise.all(
    Object.entries(contents).map(async ([path, content], index) => {
      const absolutePath = join(workDirectory, `download-${index}`);
      const bytes = Buffer.from(content);
      await writeFile(absolutePath, bytes);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      return { path, absolutePath, bytes: bytes.length, sha256 };
    }),
  );
  const result = await unpack({
    files,
    workDirectory,
    entry: { name: 'd', ...datasetSchema.parse({ source: { path: '/d' } }) },
    limits: settingsSchema.parse({}).limits,
    signal: new AbortController().signal,
  });
  return { ...result, workDirectory };
}

async function zip(contents: Readonly<Record<string, Buffer | string>>): Promise<Buffer> {
  const file = new ZipFile();
  for (const [name, content] of Object.entries(contents)) {
    file.addBuffer(Buffer.from(content), name, { forceZip64Format: true });
  }
  file.end({ forceZip64Format: true, comment: '' });
  const path = join(folder, 'made.zip');
  await pipeline(file.outputStream, createWriteStream(path));
  return readFile(path);
}

async function onDisk(bytes: Buffer): Promise<string> {
  const path = join(await mkdtemp(join(folder, 'file-')), 'file');
  await writeFile(path, bytes);
  return path;
}

function tar(path: string, body: string): Buffer {
  const head = Buffer.alloc(512);
  new Header({ path, type: 'File', size: body.length, mode: 0o644 }).encode(head);
  return Buffer.concat([head, Buffer.from(body.padEnd(512, '\0')), Buffer.alloc(1024)]);
}

async function parquet(): Promise<Buffer> {
  const path = join(folder, 'made.parquet');
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run(`COPY (SELECT 1 AS a) TO '${path}' (FORMAT parquet)`);
  return readFile(path);
}

test('each extension is the table that its content is', async () => {
  const corpus = join(import.meta.dirname, '..', '..', 'corpus', 'csvkit');
  const { tables } = await unpackFiles({
    'a.csv': CSV,
    'b.tsv': 'a\tb\n1\t2\n',
    'c.txt': CSV.repeat(3),
    'd.csv.gz': await readFile(join(corpus, 'dummy.csv.gz')),
    'e.json': '[{"a":1}]',
    'f.jsonl': '{"a":1}\n',
    'g.ndjson': '{"a":1}\n',
    'h.parquet': await parquet(),
    'i.xlsx': await readFile(join(corpus, 'sheets.xlsx')),
    'j.csv': await zip({ 'j.csv': CSV }),
  });
  expect(tables.map(({ originalPath, format }) => [originalPath, format])).toEqual([
    ['a.csv', 'csv'],
    ['b.tsv', 'csv'],
    ['c.txt', 'csv'],
    ['d.csv.gz', 'csv'],
    ['e.json', 'json'],
    ['f.jsonl', 'ndjson'],
    ['g.ndjson', 'ndjson'],
    ['h.parquet', 'parquet'],
    ['i.xlsx#data', 'workbook'],
    ['i.xlsx#ʤ', 'workbook'],
    // Kaggle serves a file zipped under its own name.
    ['j.csv', 'csv'],
  ]);
});

test.each([
  ['a zip with zip64 records and letters of any kind', 'd.zip', () => zip({ 'été 表.csv': CSV })],
  ['a zip in a zip', 'd.zip', async () => zip({ 'in.zip': await zip({ 'x.csv': CSV }) })],
  ['a tar', 'd.tar', () => tar('x.csv', CSV)],
  ['a tar.gz', 'd.tar.gz', () => zlib.gzipSync(tar('x.csv', CSV))],
  ['a tgz', 'd.tgz', () => zlib.gzipSync(tar('x.csv', CSV))],
  ['a csv.gz', 'x.csv.gz', () => zlib.gzipSync(CSV)],
  [
    'a gz of two members',
    'x.csv.gz',
    () => Buffer.concat([zlib.gzipSync('a,b\n'), zlib.gzipSync('1,2\n')]),
  ],
])('%s is opened', async (_name, name, make) => {
  const { tables, workDirectory } = await unpackFiles({ [name]: await make() });
  expect(tables).toHaveLength(1);
  expect(await readFile(join(workDirectory, tables[0]!.file), 'utf8')).toBe(CSV);
});

test('a .zst is opened where Node.js can, and says which Node.js can where it cannot', async () => {
  const frame = Buffer.from('28b52ffd0458410000612c620a312c320a35e7cace', 'hex');
  const attempt = unpackFiles({ 'x.csv.zst': frame });
  if ('createZstdDecompress' in zlib) expect((await attempt).tables).toHaveLength(1);
  else {
    await expect(attempt).rejects.toMatchObject({
      code: 'ARCHIVE_UNSUPPORTED',
      message: expect.stringContaining('22.15'),
    });
  }
});

test('what is no table is listed with its size and the reason', async () => {
  const { tables, skipped } = await unpackFiles({
    'a.csv': CSV,
    'cat.jpg': 'x'.repeat(10),
    'notebook.ipynb': '{}',
    'readme.txt': 'Some text.\nMore of it, and more.\n',
    'empty.csv': '',
    'old.rar': 'x',
    'number.json': '1',
  });
  expect(tables).toHaveLength(1);
  expect(
    skipped.map(({ originalPath, bytes, reason }) => [originalPath, bytes, reason]).sort(),
  ).toEqual([
    ['cat.jpg', 10, 'not tabular'],
    ['empty.csv', 0, 'empty'],
    ['notebook.ipynb', 2, 'not tabular'],
    ['number.json', 1, 'not tabular: JSON without records'],
    [
      ...['old.rar', 1],
      'not supported: a .rar archive, because no reader of it for Node.js is kept well enough to be proven; unpack it, and pack it as .zip',
    ],
    ['readme.txt', 33, 'not tabular: running text'],
  ]);
});

test('a workbook is one whatever the order, folders and case of its parts; one with a password is skipped', async () => {
  const parts = {
    '[trash]/0001.dat': 'x',
    'wtf/Workbook.xml': '<w/>',
    '[Content_Types].xml': '<t/>',
  };
  const plain = join(import.meta.dirname, '..', '..', 'corpus', 'workbooks');
  expect(await tableKind('a.xlsx', await onDisk(await zip(parts)))).toEqual({ format: 'workbook' });
  expect(await tableKind('a.xls', join(plain, 'calamine', 'capitalized_wbook_stream.xls'))).toEqual(
    {
      format: 'workbook',
    },
  );
  expect(await tableKind('a.xlsx', join(plain, 'calamine', 'pass_protected.xlsx'))).toEqual({
    reason: 'a document with a password: save it without',
  });
  const sheets = {
    'Configurations2/menubar/a.xml': 'x',
    mimetype: 'application/vnd.oasis.opendocument.spreadsheet',
  };
  expect(await tableKind('a.ods', await onDisk(await zip(sheets)))).toEqual({ format: 'workbook' });
});
