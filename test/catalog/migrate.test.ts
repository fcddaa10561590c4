/** Migrations and failures of the database, against a real server. */
import { copyFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { migrate, migrateOnceReachable, openCatalog } from '../../src/catalog/index.js';
import { createTestDatabase, type TestDatabase } from '../helpers/test-database.js';

const SQL = fileURLToPath(new URL('../../sql', import.meta.url));
const signal = new AbortController().signal;
let database: TestDatabase;
let folder: string;

beforeEach(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'kaggle-import-sql-'));
  for (const file of await readdir(SQL)) await copyFile(join(SQL, file), join(folder, file));
});
afterEach(async () => {
  await database.drop();
  await rm(folder, { recursive: true });
});

const ours = async () => (await readdir(SQL)).map((file) => file.replace('.sql', '')).sort();

test('workers that start together all succeed, and each migration runs once', async () => {
  const applied = await Promise.all(
    Array.from({ length: 4 }, () => migrate(database.url, { signal })),
  );
  expect(applied.flat()).toEqual(await ours());
  expect(await migrate(database.url, { signal })).toEqual([]);
});

test('a migration that comes behind one of a higher number is applied, too', async () => {
  const late = '000009_descriptions';
  await rm(join(folder, `${late}.sql`));
  await migrate(database.url, { migrationsDirectory: folder, signal });
  expect(await migrate(database.url, { signal })).toEqual([late]);
});

test('a migration that fails leaves nothing of itself, and the ones before it stay', async () => {
  const broken = 'CREATE TABLE half (id int);\nSELECT 1 / 0;\n';
  await writeFile(join(folder, '900000_broken.sql'), broken);
  await expect(
    migrate(database.url, { migrationsDirectory: folder, signal }),
  ).rejects.toMatchObject({
    code: 'DATABASE_FAILED',
    message: expect.stringContaining('SQLSTATE 22012'),
  });
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const { rows } = await client.query(`SELECT to_regclass('half') AS half`);
  await client.end();
  expect(rows[0]).toEqual({ half: null });
  await rm(join(folder, '900000_broken.sql'));
  expect(await migrate(database.url, { migrationsDirectory: folder, signal })).toEqual([]);
});

test('an older program refuses a catalog that a newer one has changed', async () => {
  await writeFile(join(folder, '900000_newer.sql'), 'CREATE TABLE newer (id int);\n');
  await migrate(database.url, { migrationsDirectory: folder, signal });
  await expect(migrate(database.url, { signal })).rejects.toMatchObject({
    code: 'CATALOG_OUTDATED',
    message: expect.stringContaining('900000_newer'),
  });
});

test('a catalog without its tables says which command makes them', async () => {
  const catalog = openCatalog(database.url);
  await expect(catalog.ping()).resolves.toEqual({ version: expect.stringMatching(/^\d+/) });
  await expect(catalog.listDatasets()).rejects.toMatchObject({ code: 'CATALOG_OUTDATED' });
  await catalog.close();
});

test('a migration that waits for another one can be cancelled', async () => {
  const holder = new pg.Client({ connectionString: database.url });
  await holder.connect();
  // The advisory lock of node-pg-migrate.
  await holder.query('SELECT pg_advisory_lock(7241865325823964)');
  const controller = new AbortController();
  const waiting = migrate(database.url, { signal: controller.signal }).catch((e: unknown) => e);
  controller.abort(new Error('cancelled by a person'));
  expect(String(await waiting)).toContain('cancelled by a person');
  await holder.end();
});

test('only the wait for a database has a limit: a migration takes as long as it takes', async () => {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const { rows } = await client.query<{ name: string }>('SELECT current_database() AS name');
  await client.query(`ALTER DATABASE ${rows[0]!.name} SET statement_timeout = '100ms'`);
  await client.query(`ALTER DATABASE ${rows[0]!.name} SET lock_timeout = '100ms'`);
  await client.query('SELECT pg_advisory_lock(7241865325823964)');
  await writeFile(join(folder, '900000_slow.sql'), 'SELECT pg_sleep(1);\n');
  const started = migrate(database.url, { migrationsDirectory: folder });
  const waiting = migrateOnceReachable(database.url, 0);
  await client.query('SELECT pg_sleep(1)');
  await client.end();
  expect(await started).toContain('900000_slow');
  // It came second, and found a catalog that is newer than itself.
  await waiting.catch((error: unknown) =>
    expect(error).toMatchObject({ code: 'CATALOG_OUTDATED' }),
  );
  await expect(migrateOnceReachable('postgresql://me@127.0.0.1:9/x', 0)).rejects.toMatchObject({
    code: 'DATABASE_UNREACHABLE',
  });
});

test.each([
  ['nothing listens', (url: URL) => (url.port = '1'), 'DATABASE_UNREACHABLE', ':1/'],
  ['no such user', (url: URL) => (url.username = 'nobody'), 'DATABASE_FORBIDDEN', 'SQLSTATE 28'],
  ['no such database', (url: URL) => (url.pathname = '/x'), 'DATABASE_FORBIDDEN', '3D000'],
])(
  'a database that cannot be used is named without its password: %s',
  async (_, change, code, part) => {
    const url = new URL(database.url);
    change(url);
    const catalog = openCatalog(url.href);
    for (const call of [() => catalog.ping(), () => migrate(url.href, { signal })]) {
      const error: unknown = await call().then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(String(error)).toContain(part);
      expect(error).toMatchObject({ code, exitCode: 3 });
      expect(String(error)).not.toContain(`:${url.password}`);
    }
    await catalog.close();
  },
);

test('a URL that is none is refused without repeating it', () => {
  const wrong = 'postgresql://user:s3cret@host:notaport/db';
  expect(() => openCatalog(wrong)).toThrow('DATABASE_URL');
  expect(() => openCatalog(wrong)).not.toThrow('s3cret');
});
