/** The main job from an empty folder, on the embedded stack, by the command a user types. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client as MinioClient } from 'minio';
import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import { TO_TRY } from '../../src/commands/demo.js';
import type { ImportResult } from '../../src/contract.js';
import { readStack, stackEnvironment } from '../../src/stack/index.js';
import { commandRunner } from '../helpers/command.js';
import { parquetRows } from '../helpers/parquet-rows.js';
import { readRecords } from '../helpers/strict-csv.js';

const { folder, run } = commandRunner();

afterAll(async () => {
  await run(['down']);
});

async function demo(): Promise<readonly ImportResult[]> {
  const { stdout, stderr, exitCode } = await run(['--json', 'demo']);
  expect(stderr + stdout, 'demo').not.toContain('Next step');
  expect(exitCode).toBe(0);
  return (JSON.parse(stdout) as { imports: ImportResult[] }).imports;
}

async function environment(): Promise<Record<string, string>> {
  return stackEnvironment((await readStack(join(folder, '.stack')))!);
}

async function objects(): Promise<Map<string, Buffer>> {
  const env = await environment();
  const [host, port] = env['MINIO_ENDPOINT']!.split(':');
  const client = new MinioClient({
    endPoint: host!,
    port: Number(port),
    useSSL: false,
    accessKey: env['MINIO_ACCESS_KEY']!,
    secretKey: env['MINIO_SECRET_KEY']!,
  });
  const found = new Map<string, Buffer>();
  for await (const { name } of client.listObjectsV2('exai-datasets', '', true)) {
    const chunks: Buffer[] = [];
    for await (const chunk of await client.getObject('exai-datasets', name as string))
      chunks.push(chunk as Buffer);
    found.set(name as string, Buffer.concat(chunks));
  }
  return found;
}

async function query<Row extends pg.QueryResultRow>(text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: (await environment())['DATABASE_URL'] });
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

test('imports every sample dataset, and the second time transfers nothing', async () => {
  const first = await demo();
  expect(first.length).toBeGreaterThanOrEqual(8);
  expect(first.map(({ dataset, outcome }) => [dataset, outcome])).toEqual(
    first.map(({ dataset }) => [dataset, 'published']),
  );
  // Four tables of one file, which counts once.
  expect(first.find(({ dataset }) => dataset === 'periodic_table')).toMatchObject({
    ...{ tables: 4, sourceBytes: 339_968 },
  });
  const stored = await objects();
  const rows = await query<{ versions: string; files: string }>(
    'SELECT (SELECT count(*) FROM dataset_versions) AS versions, (SELECT count(*) FROM dataset_files) AS files',
  );

  const second = await demo();
  expect(second.map(({ outcome }) => outcome)).toEqual(first.map(() => 'up-to-date'));
  expect(second.every(({ transferredBytes }) => transferredBytes === 0)).toBe(true);
  expect([...(await objects()).keys()]).toEqual([...stored.keys()]);
  expect(
    await query(
      'SELECT (SELECT count(*) FROM dataset_versions) AS versions, (SELECT count(*) FROM dataset_files) AS files',
    ),
  ).toEqual(rows);
});

test('an iris in the lake is the iris of the file: same rows, same order, same values', async () => {
  const pointer = JSON.parse((await objects()).get('datasets/iris/current.json')!.toString()) as {
    tables: { name: string; keys: string[] }[];
  };
  const keys = pointer.tables.flatMap((table) => table.keys);
  const bytes = (await objects()).get(keys[0]!)!;
  const file = new Uint8Array(bytes).buffer;
  const table = await parquetRows(file);
  const [source] = await query<{ original_filename: string }>(
    "SELECT f.original_filename FROM dataset_files f JOIN datasets d ON d.current_version_id = f.version_id WHERE d.dataset_name = 'iris' AND f.logical_role = 'table'",
  );
  const samples = join(import.meta.dirname, '..', '..', 'samples');
  const path = (await readdir(samples, { recursive: true })).find((name) =>
    name.endsWith(source!.original_filename),
  );
  const [, ...records] = readRecords(await readFile(join(samples, path!)));
  expect(table).toHaveLength(records.length);
  table.forEach((row, index) => {
    expect(row).toHaveLength(records[index]!.length);
    row.forEach((value, column) => {
      const text = records[index]![column]!;
      expect(
        typeof value === 'number' ? value === Number(text) : String(value) === text,
        `${index}:${column}`,
      ).toBe(true);
    });
  });
});

test('nothing is left of the work, and no secret is in the log', async () => {
  expect(await readdir(join(folder, 'work')).catch(() => [])).toEqual([]);
  const log = await readFile(join(folder, 'kaggle_import.log'), 'utf8');
  const { MINIO_SECRET_KEY, DATABASE_URL } = await environment();
  expect(log).not.toContain(MINIO_SECRET_KEY);
  expect(log).not.toContain(new URL(DATABASE_URL!).password);
});

test('status, list, plan, search and services tell of the demo', async () => {
  const { stdout: status } = await run(['status']);
  expect(status).toMatch(/iris +up-to-date/);
  expect(status).toMatch(
    /Cache: (\d+) entries, .* kB; 0 hits, \1 misses, 0 B not transferred again\./,
  );
  expect((await run(['list'])).stdout).toMatch(/iris .* v1 /);
  expect((await run(['plan'])).stdout).toMatch(/iris +nothing/);
  expect((await run(['search', 'iris'])).stdout).toContain('/iris');
  const services = await run(['services']);
  expect(services.exitCode).toBe(0);
  expect(services.stdout).not.toContain('NOT REACHED');
  expect(services.stdout).toMatch(/Temporal .*, a worker/);
});

/** The Python is tried in `make conformance`. */
test.each(TO_TRY.filter((line) => line.startsWith('make ')))(
  'what the demo ends with may be tried: %s',
  async (line) => {
    const [, verb, argument] = /^make (\w+) \w+="?(.*?)"?$/.exec(line)!;
    const { exitCode, stdout } = await run([verb!, argument!]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/\d/);
  },
);

test('a configuration that is named wins over that of the samples', async () => {
  const KAGGLE_IMPORT_CONFIG = join(folder, 'own.yaml');
  await writeFile(KAGGLE_IMPORT_CONFIG, 'datasets:\n  mine:\n    source: { path: /data }\n');
  const { stdout } = await run(['check'], { KAGGLE_IMPORT_CONFIG });
  expect(stdout).toContain(`${KAGGLE_IMPORT_CONFIG}: valid`);
});

test('a forced import fetches again and leaves one set of rows and objects', async () => {
  const before = [...(await objects()).keys()];
  const { stdout, exitCode } = await run(['--json', 'import', 'iris', '--force']);
  expect(exitCode).toBe(0);
  expect((JSON.parse(stdout) as { imports: ImportResult[] }).imports[0]).toMatchObject({
    outcome: 'published',
    cacheHit: false,
  });
  expect([...(await objects()).keys()]).toEqual(before);
  const versions = await query(
    "SELECT 1 FROM dataset_versions v JOIN datasets d ON d.id = v.dataset_id WHERE d.dataset_name = 'iris'",
  );
  expect(versions).toHaveLength(1);
});

test('the schedule is created, shown and deleted', async () => {
  expect((await run(['schedule', 'create'])).stdout).toContain('next run');
  expect((await run(['schedule', 'pause'])).exitCode).toBe(0);
  expect((await run(['schedule', 'show'])).stdout).toContain('paused');
  expect((await run(['schedule', 'delete'])).exitCode).toBe(0);
  expect((await run(['schedule', 'show'])).stdout).toContain('ACTION=create');
});

test('down stops every process', async () => {
  const { exitCode } = await run(['down']);
  expect(exitCode).toBe(0);
  const state = await readStack(join(folder, '.stack'));
  const alive = Object.values(state?.services ?? {}).filter((service) => service.alive);
  expect(alive).toEqual([]);
  expect(state?.worker?.alive ?? false).toBe(false);
});

test.each(['import iris', 'status', 'plan', 'schedule show'])(
  'after down, %s says that `make up` comes first',
  async (args) => {
    const { exitCode, stderr } = await run(args.split(' '));
    expect(stderr).toMatch(/Next step: Run `make up` first/);
    expect(exitCode).not.toBe(0);
  },
);
