/** SQLite: every table with the values that it stores, in their order; what mixes, or is no table, is told. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sqlite from 'node-sqlite3-wasm';
import { expect, test } from 'vitest';
import { openDatabase } from '../../../src/convert/read/sqlite/database.js';
import { tableRecords } from '../../../src/convert/read/sqlite/table-records.js';
import { temporaryFolder } from '../../helpers/convert.js';
import { readDataset } from '../../helpers/read-dataset.js';

/** Executes statements on a new database and gives the bytes that it leaves. */
function database(statements: string): Buffer {
  const file = join(temporaryFolder(), 'made.db');
  const made = new sqlite.Database(file);
  made.exec(`PRAGMA foreign_keys = off; ${statements}`);
  made.close();
  return readFileSync(file);
}

test('every table is one, views on request, virtual and empty ones are skipped and told', async () => {
  const source = database(`
    CREATE TABLE orders(id INTEGER PRIMARY KEY, customer INT REFERENCES customers(id), price REAL, note);
    CREATE TABLE customers(id INTEGER PRIMARY KEY, name TEXT);
    CREATE TABLE "a ""b"" c"(x);
    CREATE TABLE "nothing"(x);
    CREATE VIEW both AS SELECT o.id, c.name FROM orders o JOIN customers c ON c.id = o.customer;
    CREATE VIRTUAL TABLE words USING fts5(t);
    INSERT INTO orders VALUES (1, 1, 2.0, NULL), (2, 1, 0.1, 'x'), (3, 2, 1e300, '');
    INSERT INTO customers VALUES (1, 'Ada'), (2, 'Bo');
    INSERT INTO "a ""b"" c" VALUES (9007199254740993)`);
  const { tables, skipped } = await readDataset({ 'shop.sqlite': source });
  expect(tables['shop__orders']).toEqual({
    columns: [
      ['id', 'TINYINT'],
      ['customer', 'TINYINT'],
      ['price', 'DOUBLE'],
      ['note', 'VARCHAR'],
    ],
    rows: [
      [1, 1, 2, null],
      [2, 1, 0.1, 'x'],
      [3, 2, 1e300, ''],
    ],
    warnings: [],
  });
  expect(tables['shop__customers']?.rows).toEqual([
    [1, 'Ada'],
    [2, 'Bo'],
  ]);
  expect(tables['shop__a_b_c']?.rows).toEqual([[9007199254740993n]]);
  expect(Object.keys(tables)).toHaveLength(3);
  expect(skipped).toEqual({
    'shop.sqlite#both': 'a view: name it in files: include:',
    'shop.sqlite#nothing': 'a table without rows',
    'shop.sqlite#words': 'not tabular: a virtual table',
  });
  const asked = await readDataset(
    { 'shop.sqlite': source },
    { files: { include: ['shop.sqlite#both'] } },
  );
  expect(asked.tables['shop__both']?.rows).toHaveLength(3);
});

test('columns of several storage classes and binary values are told, and lose nothing', async () => {
  const source = database(`
    CREATE TABLE t(m INT, b BLOB);
    INSERT INTO t VALUES (1, x'00ff'), ('one', x''), (1.5, NULL)`);
  const { tables } = await readDataset({ 'x.db': source });
  expect(tables['x__t']).toMatchObject({
    rows: [
      ['1', '00ff'],
      ['one', ''],
      ['1.5', null],
    ],
    warnings: [
      'column "m" mixes 1 integers, 1 texts, 1 real numbers',
      'the binary values of column "b" are written in hexadecimal',
    ],
  });
});

test('binary values are text, also where their hexadecimal digits are those of a number or a day', async () => {
  const source = database(`
    CREATE TABLE t(n BLOB, d, m);
    INSERT INTO t VALUES (x'1234', x'20200101', 1), (x'5678', x'20210202', x'6162')`);
  const { tables } = await readDataset({ 'b.db': source });
  expect(tables['b__t']).toMatchObject({
    columns: ['n', 'd', 'm'].map((name) => [name, 'VARCHAR']),
    rows: [
      ['1234', '20200101', '1'],
      ['5678', '20210202', '6162'],
    ],
  });
});

test('a table of as many columns as SQLite has is read whole', async () => {
  const numbers = Array.from({ length: 2000 }, (_x, number) => number);
  const source = database(`
    CREATE TABLE w(${numbers.map((number) => `c${number}`).join(', ')});
    INSERT INTO w VALUES (${numbers.join(', ')}), (${numbers.map((number) => number + 1).join(', ')})`);
  const { columns, source: records } = await readerOf(source, 'w');
  expect(columns).toHaveLength(2000);
  const rows: unknown[] = [];
  for await (const record of records())
    if ('cells' in record) rows.push([...record.cells.values()].map(Number));
  expect(rows).toEqual([numbers, numbers.map((number) => number + 1)]);
});

test('a GeoPackage is its tables of data: what describes them is read on request, what an index keeps never', async () => {
  // The index is one of a module that is not in every build: GDAL writes it for each layer.
  const source = database(`
    CREATE TABLE gpkg_contents(table_name TEXT); INSERT INTO gpkg_contents VALUES ('roads');
    CREATE TABLE roads(fid INTEGER PRIMARY KEY, geom BLOB, name TEXT);
    INSERT INTO roads VALUES (1, x'4750', 'Elm'), (2, NULL, 'Oak');
    CREATE TABLE rtree_roads_geom_node(nodeno, data); INSERT INTO rtree_roads_geom_node VALUES (1, x'00');
    PRAGMA writable_schema = 1;
    INSERT INTO sqlite_master VALUES ('table', 'rtree_roads_geom', 'rtree_roads_geom', 0,
      'CREATE VIRTUAL TABLE "rtree_roads_geom" USING rtree(id, minx, maxx, miny, maxy)')`);
  const { tables, skipped } = await readDataset({ 'r.gpkg': source });
  expect(Object.keys(tables)).toEqual(['r__roads']);
  expect(tables['r__roads']?.rows).toEqual([
    [1, '4750', 'Elm'],
    [2, null, 'Oak'],
  ]);
  expect(skipped).toEqual({
    'r.gpkg#gpkg_contents': 'it describes the tables of a GeoPackage: name it in files: include:',
    'r.gpkg#rtree_roads_geom': 'not tabular: a virtual table',
  });
});

test('a database that wants a write-ahead log is read; one in UTF-16 or cut short is refused', async () => {
  const filled = (before: string): Buffer =>
    database(`${before}; CREATE TABLE t(a, b);
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
      INSERT INTO t SELECT i, hex(zeroblob(100)) FROM n`);
  const logged = filled('PRAGMA user_version = 1');
  // Versions of reading and writing: 2 is a write-ahead log (https://www.sqlite.org/fileformat2.html, 1.3.3).
  logged.set([2, 2], 18);
  const { tables } = await readDataset({ 'w.db': logged });
  expect(tables['w__t']?.rows).toHaveLength(1000);
  const refused = { code: 'FORMAT_UNREADABLE' };
  const wide = filled('PRAGMA user_version = 1');
  wide[59] = 2;
  await expect(readDataset({ 'u.db': wide })).rejects.toMatchObject(refused);
  const cut = filled('PRAGMA page_size = 4096').subarray(0, 40_000);
  await expect(readDataset({ 'c.db': cut })).rejects.toMatchObject(refused);
});

test('a value of more than a record may have is refused before it is read', async () => {
  const source = database('CREATE TABLE t(a); INSERT INTO t VALUES (1), (zeroblob(68000000))');
  await expect(readerOf(source, 't')).rejects.toMatchObject({
    code: 'RECORD_TOO_LONG',
    message: expect.stringContaining('column "a"') as string,
  });
});

test('whoever else reads it, or was killed while reading, keeps nobody from it', async () => {
  const file = join(temporaryFolder(), 'shared.db');
  writeFileSync(file, database('CREATE TABLE t(a); INSERT INTO t VALUES (1), (2)'));
  // As the build marks a database that is being read.
  mkdirSync(`${file}.lock`);
  const first = await openedRows(file);
  const second = await openedRows(file);
  expect([first.rows.next().value, second.rows.next().value]).toEqual([{ a: 1 }, { a: 1 }]);
  await Promise.all([first.close(), second.close()]);
});

// Last: the build that breaks is the one that makes the databases here.
test('a view too deep for SQLite is refused, and the next database is read', async () => {
  const deep = Array.from({ length: 990 }, () => 'a').join(' || ');
  const source = database('CREATE TABLE t(a); INSERT INTO t VALUES (1)');
  // It would not be made by a build that cannot read it.
  const sql = `CREATE VIEW v AS SELECT ${deep} AS s FROM t`;
  const hostile = database(
    `CREATE TABLE t(a); INSERT INTO t VALUES (1); PRAGMA writable_schema = 1;
     INSERT INTO sqlite_master VALUES ('view', 'v', 'v', 0, '${sql}')`,
  );
  await expect(readerOf(hostile, 'v')).rejects.toMatchObject({ code: 'FORMAT_UNREADABLE' });
  const { source: records } = await readerOf(source, 't');
  for await (const record of records()) expect(record).toMatchObject({ bytes: 1 });
});

function readerOf(content: Buffer, table: string) {
  const folder = temporaryFolder();
  const file = join(folder, 'read.db');
  writeFileSync(file, content);
  const scratchFile = join(folder, 'copy');
  return tableRecords({ file, place: 'read.db', scratchFile }, table);
}

async function openedRows(file: string) {
  const { database: opened, close } = await openDatabase({
    ...{ file, place: 'shared.db', scratchFile: `${file}.copy` },
  });
  const statement = opened.prepare('SELECT a FROM t');
  const rows = statement.iterate() as IterableIterator<{ a: number }>;
  return { rows, close };
}
