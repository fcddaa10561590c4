/** Reading published tables from the command line, as docs/reading.md shows it, on the samples. */
import { mkdirSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { Client as MinioClient } from 'minio';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readStack, stackEnvironment } from '../../src/stack/index.js';
import { client, commandRunner } from '../helpers/command.js';
import { read, root, shellCommands } from '../helpers/markdown.js';
import { readRecords } from '../helpers/strict-csv.js';

const { folder, environment, run } = commandRunner();
const titanic = join(root, 'samples/exai-samples/titanic/titanic_all.csv');
const outputs = join(folder, 'outputs');

beforeAll(async () => {
  mkdirSync(outputs);
  const { exitCode, stderr } = await run(['demo']);
  expect(exitCode, stderr).toBe(0);
}, 600_000);
afterAll(async () => {
  await run(['down']);
});

/** In a shell, so that `>` and quotes mean what they mean to a user. */
function shell(command: string) {
  const line = command.replace(/^kaggle-import/, `"${process.execPath}" "${client}"`);
  return execa(line, {
    ...{ shell: 'bash', cwd: outputs, env: environment, extendEnv: false, reject: false },
  });
}

test.each(shellCommands(read('docs/reading.md')))('%s', async (command) => {
  const { exitCode, stderr, stdout } = await shell(command);
  expect(exitCode, stderr + stdout).toBe(0);
  if (!command.includes('>') && !command.includes('--to')) expect(stdout).not.toBe('');
});

test('what the source says of columns is shown, and stands in the Parquet', async () => {
  const { stdout } = await shell('kaggle-import show iris');
  expect(stdout).toMatch(/^licence +CC0-1\.0$/m);
  expect(stdout).toMatch(/^cite as +exai-samples \(2024\)\. Iris flowers\. Version 1\. https:/m);
  expect(stdout).toMatch(/sepal_length.+Length of the sepal in/);
  const { stdout: rows } = await shell(
    'kaggle-import export iris --format parquet --to iris.parquet',
  ).then(() =>
    shell(
      `kaggle-import sql "SELECT decode(value) AS said FROM parquet_kv_metadata('iris.parquet') WHERE decode(key) = 'column_descriptions'" --json`,
    ),
  );
  expect(rows).toContain('Length of the sepal in centimetres');
});

test('exported CSV holds the cells of the source, in its order', async () => {
  await shell('kaggle-import export titanic --to titanic.csv');
  const source = readRecords(await readFile(titanic));
  const exported = readRecords(await readFile(join(outputs, 'titanic.csv')));
  const [names, ...rows] = exported;
  expect(names).toEqual(source[0]);
  expect(rows).toHaveLength(source.length - 1);
  for (const [at, row] of rows.entries()) {
    const cells = source[at + 1]!.map((cell) => (cell === 'NA' ? '' : cell));
    // Of the fractions, the value: how many zeros ended them is not published.
    const same = (cell: string, column: number) =>
      column === 2 && cell !== '' ? Number(cell) : cell;
    expect(row.map(same), `record ${at + 1}`).toEqual(cells.map(same));
  }
});

test('several tables go to a folder, and nothing unfinished stays', async () => {
  const { stdout } = await shell('kaggle-import export survival_studies --format jsonl --to all/');
  expect(stdout).toContain('oncology__lung: 228 rows in ');
  expect((await readdir(join(outputs, 'all'))).sort()).toEqual([
    ...['aids__multicenter_aids_cohort.jsonl', 'criminology__rossi.jsonl'],
    ...['oncology__gbsg2.jsonl', 'oncology__lung.jsonl'],
  ]);
  const lines = (await readFile(join(outputs, 'all', 'oncology__lung.jsonl'), 'utf8')).trim();
  expect(lines.split('\n').map((line) => JSON.parse(line) as unknown)).toHaveLength(228);
});

test('JSON rows keep every digit and every column', async () => {
  const { stdout } = await shell(
    `kaggle-import sql "SELECT 9007199254740993 AS big, species FROM iris LIMIT 2" --json`,
  );
  expect(stdout).toContain('"big":9007199254740993');
  expect(JSON.parse(stdout)).toHaveLength(2);
});

test('a reader that has enough is no failure', async () => {
  const { exitCode, stdout, stderr } = await shell(
    'set -o pipefail; kaggle-import sql "SELECT a.* FROM titanic a CROSS JOIN titanic b" --json | head -n 2'.replace(
      'kaggle-import',
      `"${process.execPath}" "${client}"`,
    ),
  );
  expect(stdout.split('\n')).toHaveLength(2);
  expect([exitCode, stderr]).toEqual([0, '']);
});

test.each([
  ['show irs', 2, 'DATASET_UNPUBLISHED', 'iris'],
  ['show iris@9', 2, 'VERSION_UNKNOWN', 'one of 1'],
  ['head penguins', 2, 'TABLE_UNKNOWN', 'penguins, penguins_raw'],
  ['show UPPER', 2, 'USAGE', 'dataset.table@version'],
  ['sql "DROP TABLE iris"', 2, 'SQL_FAILED', 'SELECT'],
  ['sql "SELECT nope FROM iris"', 2, 'SQL_FAILED', 'nope'],
  ['sql "SELECT 1; SELECT 2"', 2, 'SQL_FAILED', 'one SELECT'],
  ['export penguins', 2, 'USAGE', 'several tables'],
  ['export iris --format parquet', 2, 'USAGE', '--to'],
  ['head iris --limit 0', 2, 'USAGE', 'whole number'],
])('%s is told in words', async (args, code, name, word) => {
  const { exitCode, stderr, stdout } = await shell(`kaggle-import ${args}`);
  expect([exitCode, stdout]).toEqual([code, '']);
  expect(stderr).toContain(name);
  expect(stderr).toContain(word);
  expect(stderr).toContain('Next step: ');
});

test('names in texts and in WITH are not taken for tables', async () => {
  const query = `WITH wine AS (SELECT 'FROM nowhere' AS words) SELECT words FROM wine -- FROM never`;
  const { exitCode, stdout } = await shell(`kaggle-import sql "${query}"`);
  expect(exitCode).toBe(0);
  expect(stdout).toContain('FROM nowhere');
});

test('bytes that are not those that were published are never shown', async () => {
  const env = stackEnvironment((await readStack(join(folder, '.stack')))!);
  const [host, port] = env['MINIO_ENDPOINT']!.split(':');
  const store = new MinioClient({
    ...{ endPoint: host!, port: Number(port), useSSL: false },
    ...{ accessKey: env['MINIO_ACCESS_KEY']!, secretKey: env['MINIO_SECRET_KEY']! },
  });
  const { stdout } = await shell('kaggle-import show wine --json');
  const { tables } = JSON.parse(stdout) as { tables: { parts: { key: string }[] }[] };
  const { key } = tables[0]!.parts[0]!;
  await store.putObject('exai-datasets', key, Buffer.from('PAR1 something else PAR1'));
  const { exitCode, stderr } = await shell('kaggle-import head wine');
  expect(exitCode).toBe(1);
  expect(stderr).toContain('OBJECT_ALTERED');
});
