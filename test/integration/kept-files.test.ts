/** Files that are no tables, stored as they are: complete, only once, and there for as long as a version needs them. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ImportResult } from '../../src/contract.js';
import { commandRunner, type CommandRunner } from '../helpers/command.js';
import { ImportSite } from '../helpers/import-site.js';
import { zipOf } from '../helpers/zip.js';

/** One that is read into memory, and one that is stored in parts from the disk. */
const [SMALL, LARGE] = [5000, 17 * 1024 * 1024];

function picture(seed: string, bytes = SMALL): Buffer {
  const start = createHash('sha256').update(seed).digest();
  return Buffer.concat([Buffer.from('\x89PNG', 'latin1'), Buffer.alloc(bytes, start)]);
}

function zipped(files: Readonly<Record<string, Buffer | string>>): Promise<Buffer> {
  const members = Object.entries(files);
  return zipOf(members.map(([name, content]) => ({ name, content: Buffer.from(content) })));
}

const pictures = {
  'cats/été 1.png': picture('one'),
  'cats/2.png': picture('two'),
  'dogs/1.png': picture('three'),
};
const first = {
  'labels.csv': 'file,label\n1.png,cat\n',
  'about.pdf': '%PDF-1.4 about',
  'notes.txt': 'Some words.\nMore words, and still no table.\n',
  '.DS_Store': 'x',
  'large.png': picture('large', LARGE),
  'empty.bin': '',
};
let site: ImportSite;
let command: CommandRunner;

beforeAll(async () => {
  site = await ImportSite.open({
    datasets: { pets: { ...first, 'images.zip': await zipped(pictures) } },
    defaults: { keep_files: 'all' },
    settings: { keep_versions: 1, gc_grace_days: 0 },
  });
  await site.startWorker();
  command = commandRunner(site.environment('command'));
});
afterAll(() => site.close());

async function importPets(): Promise<ImportResult> {
  const stdout = await command.succeeds('--json', 'import', 'pets');
  return (JSON.parse(stdout) as { imports: ImportResult[] }).imports[0]!;
}

interface Kept {
  readonly path: string;
  readonly key: string | null;
  readonly type: string;
  readonly bytes: number;
  readonly sha256: string;
}

async function kept(): Promise<Record<string, Kept>> {
  const rows = await site.query<Kept>(
    `SELECT original_filename AS path, file_name_in_storage AS key, mime_type AS type,
       size_bytes::int AS bytes, sha256
     FROM dataset_files f JOIN datasets d ON d.current_version_id = f.version_id
     WHERE logical_role = 'kept'`,
  );
  return Object.fromEntries(rows.map((row) => [row.path, row]));
}

const sha256 = (content: Buffer | string): string =>
  createHash('sha256').update(content).digest('hex');

test('every file that is no table is an object of the version, as it was in its archive', async () => {
  const result = await importPets();
  expect(result).toMatchObject({ outcome: 'published', tables: 1, kept: { files: 7 } });
  expect(result.skipped).toBe('1 file without extension (left by an operating system)');
  const files = await kept();
  const expected: Record<string, Buffer | string> = {
    ...Object.fromEntries(
      Object.entries(pictures).map(([path, content]) => [`images.zip/${path}`, content]),
    ),
    ...Object.fromEntries(
      ['about.pdf', 'notes.txt', 'large.png', 'empty.bin'].map((path) => [
        path,
        first[path as keyof typeof first],
      ]),
    ),
  };
  expect(Object.keys(files).sort()).toEqual(Object.keys(expected).sort());
  for (const [path, content] of Object.entries(expected)) {
    const { key, bytes, sha256: sum } = files[path]!;
    expect(key).toBe(`${result.prefix}/files/${path}`);
    expect([bytes, sum]).toEqual([Buffer.byteLength(content), sha256(content)]);
    expect(sha256(await site.readBytes(key!))).toBe(sum);
  }
  expect(files['about.pdf']!.type).toBe('application/pdf');
  expect(files['empty.bin']!.type).toBe('application/octet-stream');
  const croissant = JSON.parse(await site.readObject(`${result.prefix}/croissant.json`)) as {
    distribution: { name: string; contentUrl: string; sha256: string; encodingFormat: string }[];
  };
  expect(croissant.distribution.find(({ name }) => name.includes('été'))).toMatchObject({
    contentUrl: 'files/images.zip/cats/%C3%A9t%C3%A9%201.png',
    encodingFormat: 'image/png',
    sha256: sha256(pictures['cats/été 1.png']),
  });
  expect(await importPets()).toMatchObject({ outcome: 'up-to-date', transferredBytes: 0 });
});

test('a new version stores what is new, and takes the rest from the one before, also under another name', async () => {
  const before = await kept();
  const changed = {
    'cats/renamed.png': pictures['cats/été 1.png'],
    'cats/2.png': picture('another two'),
    'dogs/1.png': pictures['dogs/1.png'],
  };
  await site.kaggle.publishVersion('owner/pets', {
    'labels.csv': first['labels.csv'],
    'images.zip': await zipped(changed),
  });
  const result = await importPets();
  expect(result).toMatchObject({ outcome: 'published', carriedOver: 1, kept: { files: 3 } });
  const after = await kept();
  expect(after['images.zip/cats/renamed.png']!.key).toBe(before['images.zip/cats/été 1.png']!.key);
  expect(after['images.zip/dogs/1.png']!.key).toBe(before['images.zip/dogs/1.png']!.key);
  const stored = (await site.objects()).filter((key) => key.startsWith(`${result.prefix}/files/`));
  expect(stored).toEqual([`${result.prefix}/files/images.zip/cats/2.png`]);
});

test('when the older version goes, what the newer one needs of it stays, and is verified', async () => {
  await command.succeeds('gc', '--apply');
  const objects = new Set(await site.objects());
  const files = Object.values(await kept());
  for (const { key } of files) expect(objects).toContain(key);
  expect([...objects].filter((key) => key.endsWith('/about.pdf'))).toEqual([]);
  await command.succeeds('verify', 'pets');
  await site.removeObject(files[0]!.key!);
  expect((await command.run(['verify', 'pets'])).exitCode).toBe(1);
  // It is stored again by the next import, as a table is.
  expect(await importPets()).toMatchObject({ outcome: 'published', kept: { files: 3 } });
  await command.succeeds('verify', 'pets');
});

test('a forced import of what is there already gives a version of an older tool what it lacks', async () => {
  const force = async () => {
    const stdout = await command.succeeds('--json', 'import', 'pets', '--force');
    return (JSON.parse(stdout) as { imports: ImportResult[] }).imports[0]!;
  };
  const before = await force();
  expect(await force()).toMatchObject({ outcome: 'published', prefix: before.prefix });
  await site.query(`DELETE FROM dataset_files WHERE original_filename = 'datapackage.json'`);
  const after = await force();
  expect(after.prefix).not.toBe(before.prefix);
  const { resources } = JSON.parse(await site.readObject(`${after.prefix}/datapackage.json`)) as {
    resources: { name: string }[];
  };
  expect(resources.map(({ name }) => name)).toContain('file-000001');
});

test('listed, they are in the catalog with their checksums, and no object of theirs is stored', async () => {
  site.configure({ defaults: { keep_files: 'listed' } });
  const result = await importPets();
  expect(result).toMatchObject({ outcome: 'published', kept: { files: 3 } });
  const file = (await kept())['images.zip/dogs/1.png']!;
  expect(file).toMatchObject({
    key: null,
    type: 'image/png',
    sha256: sha256(pictures['dogs/1.png']),
  });
  expect((await site.objects()).filter((key) => key.startsWith(`${result.prefix}/files`))).toEqual(
    [],
  );
});

test('a dataset of nothing but pictures is a version, too', async () => {
  site.configure({ defaults: { keep_files: 'all' } });
  await site.kaggle.publishVersion('owner/pets', { 'images.zip': await zipped(pictures) });
  expect(await importPets()).toMatchObject({ outcome: 'published', tables: 0, kept: { files: 3 } });
  await command.succeeds('verify', 'pets');
  const shown = await command.succeeds('show', 'pets');
  expect(shown).toMatch(/^files as they are: \d+, /m);
  expect(shown).toMatch(/^ {2}\S.*\.png {2}\S+ \S+ {2}datasets\/pets\/\S+/m);
});
