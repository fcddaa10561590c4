/** Names that every object of JavaScript has are names like others, wherever a source has them. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import sqlite from 'node-sqlite3-wasm';
import { expect, test } from 'vitest';
import { ZipFile } from 'yazl';
import { temporaryFolder } from '../../helpers/convert.js';
import { readDataset, type ReadDataset } from '../../helpers/read-dataset.js';
import { workbookOf } from '../../helpers/workbook.js';

const NAMES = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'valueOf',
  '__defineGetter__',
];

function database(): Buffer {
  const file = join(temporaryFolder(), 'a.db');
  mkdirSync(join(file, '..'), { recursive: true });
  const opened = new sqlite.Database(file);
  for (const name of NAMES) {
    opened.exec(`CREATE TABLE "${name}" ("${name}" TEXT, n INTEGER)`);
    opened.exec(`INSERT INTO "${name}" VALUES ('x', 1), ('y', 2)`);
  }
  opened.close();
  return readFileSync(file);
}

async function archive(): Promise<Buffer> {
  const file = new ZipFile();
  for (const name of NAMES) file.addBuffer(Buffer.from(`${name},n\nx,1\ny,2\n`), `${name}.csv`);
  file.end();
  return buffer(file.outputStream);
}

/** Each table has one column of such a name beside another one, and two rows. */
function expectAll({ tables, skipped }: ReadDataset): void {
  expect(skipped).toEqual({});
  const found = Object.values(tables);
  expect(found).toHaveLength(NAMES.length);
  for (const { columns, rows } of found) {
    expect(columns).toHaveLength(2);
    expect(rows).toEqual([
      ['x', 1],
      ['y', 2],
    ]);
  }
}

test('tables and columns of SQLite', async () => {
  expectAll(await readDataset({ 'a.db': database() }));
});

test('members of an archive', async () => {
  expectAll(await readDataset({ 'a.zip': await archive() }));
});

test('files, and those with a pin', async () => {
  const files = Object.fromEntries(
    NAMES.map((name) => [`${name}.csv`, `${name},n\nx,1\ny,2\n`] as const),
  );
  const pins = Object.fromEntries(
    NAMES.map((name) => [`${name}.csv`, { columns: Object.fromEntries([[name, 'VARCHAR']]) }]),
  );
  expectAll(await readDataset(files, { files: pins }));
});

test.each(['json', 'ndjson'])('keys of %s', async (format) => {
  const record = (n: number): string =>
    `{${[...NAMES, 'n'].map((name) => `"${name}": "${name} ${n}"`).join(', ')}}`;
  const text = format === 'json' ? `[${record(1)}, ${record(2)}]` : `${record(1)}\n${record(2)}\n`;
  const { tables } = await readDataset({ [`a.${format}`]: text });
  const [table] = Object.values(tables);
  expect(table!.rows).toEqual([1, 2].map((n) => [...NAMES, 'n'].map((name) => `${name} ${n}`)));
});

test('keys of JSON that name records', async () => {
  const text = `{${NAMES.map((name, n) => `"${name}": {"n": ${n}, "m": "x"}`).join(', ')}}`;
  const { tables } = await readDataset({ 'a.json': text });
  const [table] = Object.values(tables);
  expect(table!.rows.map(([name]) => name)).toEqual(NAMES);
});

test.each(NAMES)('a sheet named %s', async (name) => {
  const book = await workbookOf(['<c><v>1</v></c>', '<c><v>2</v></c>'], name);
  const { tables } = await readDataset({ 'a.xlsx': book });
  expect(Object.values(tables)[0]!.rows).toEqual([[1], [2]]);
});
