/** One table that fails stops the dataset, or is told while the others are published; the next night says so again. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import yazl from 'yazl';
import { buffer } from 'node:stream/consumers';
import type { ImportResult } from '../../src/contract.js';
import { commandRunner, type CommandResult } from '../helpers/command.js';
import { ImportSite } from '../helpers/import-site.js';
import { webhook } from '../helpers/webhook.js';

const GOOD = 'a,b\n1,2\n';
const BROKEN = ['archive.zip/hurt.csv', 'cut.json', 'short'];
let site: ImportSite;
let command: (...args: string[]) => Promise<CommandResult>;

/** Its first member has bytes that its checksum does not fit. */
async function hurtArchive(): Promise<Buffer> {
  const zip = new yazl.ZipFile();
  zip.addBuffer(Buffer.from('hurt,hurt\n1,2\n'), 'hurt.csv', { compress: false });
  zip.addBuffer(Buffer.from('x,y\n1,2\n3,4\n'), 'whole.csv');
  zip.end();
  const bytes = await buffer(zip.outputStream);
  bytes[bytes.indexOf('hurt,hurt') + 1]! ^= 1;
  return bytes;
}

beforeAll(async () => {
  site = await ImportSite.open({
    datasets: {
      mixed: {
        'archive.zip': await hurtArchive(),
        'cut.json': '{"data": [{"a": 1}, {"a":',
        'good.csv': GOOD,
        'short.csv': `a,b,c\n${'1,2,3\n'.repeat(20)}1,2\n${'1,2,3\n'.repeat(20)}`,
      },
    },
  });
  const { run } = commandRunner(site.environment('command'));
  command = (...args) => run(args);
});
afterAll(() => site.close());

async function importMixed(): Promise<ImportResult> {
  const { exitCode, stdout, stderr } = await command('--json', 'import', 'mixed');
  expect(exitCode, stdout + stderr).toBe(0);
  return (JSON.parse(stdout) as { imports: ImportResult[] }).imports[0]!;
}

const tables = async (role: string, what: string): Promise<unknown[]> => {
  const rows = await site.query<{ row: unknown }>(
    `SELECT ${what} AS row FROM dataset_files f JOIN datasets d ON d.current_version_id = f.version_id
     WHERE logical_role = '${role}' ORDER BY coalesce(table_name, original_filename)`,
  );
  return rows.map(({ row }) => row);
};

test('by default the first that fails stops the dataset, and is named', async () => {
  const worker = await site.startWorker();
  const { exitCode, stdout } = await command('import', 'mixed');
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/mixed: ARCHIVE_DAMAGED: .*archive\.zip, entry "hurt\.csv"/);
  expect(await tables('table', 'table_name')).toEqual([]);
  await worker.kill();
});

test('where others are to be published, they are, and every failure is told', async () => {
  site.configure({ defaults: { on_table_failure: 'publish_others' } });
  const slack = await webhook();
  const worker = await site.startWorker('one', { SLACK_WEBHOOK_URL: slack.url });
  const { exitCode, stdout } = await command('import', 'mixed');
  expect(exitCode, stdout).toBe(0);
  expect(stdout).toContain('mixed: published without 3 tables that have failed');
  expect(stdout).toMatch(/ {2}archive\.zip\/hurt\.csv: ARCHIVE_DAMAGED: .*CRC-32/);
  expect(stdout).toMatch(/ {2}cut\.json: FORMAT_UNREADABLE: .*the text ends too early/);
  expect(stdout).toMatch(/ {2}short: TOO_MANY_REJECTS: /);
  expect(await tables('table', 'table_name')).toEqual(['archive__whole', 'good']);
  const failed = `jsonb_build_array(coalesce(table_name, original_filename), error_code)`;
  expect(await tables('skipped', failed)).toEqual([
    ['archive.zip/hurt.csv', 'ARCHIVE_DAMAGED'],
    ['cut.json', 'FORMAT_UNREADABLE'],
    ['short', 'TOO_MANY_REJECTS'],
  ]);
  const text = (what: RegExp): unknown =>
    expect.objectContaining({ text: expect.stringMatching(what) as string });
  // The first failed while no worker knew anybody to tell.
  expect(slack.messages).toEqual([text(/^Import of mixed failed/), text(/without 3 tables/)]);
  expect(site.workFiles()).toEqual([]);
  await worker.kill();
  await site.startWorker();
});

test('the next night transfers nothing and says it again, alone and in a batch', async () => {
  const again = await importMixed();
  expect(again).toMatchObject({ outcome: 'up-to-date', transferredBytes: 0, tables: 2 });
  expect(again.failed!.first.map(({ table }) => table).sort()).toEqual(BROKEN);
  const { stdout } = await command('--json', 'import', '--all');
  const batch = JSON.parse(stdout) as { imports: ImportResult[] };
  expect(batch.imports).toMatchObject([{ outcome: 'up-to-date', failed: { count: 3 } }]);
  expect((await command('status')).stdout).toContain('3 tables failed');
});

test('what has been mended is published, the rest is carried over', async () => {
  await site.kaggle.publishVersion('owner/mixed', {
    'archive.zip': await hurtArchive(),
    'good.csv': GOOD,
    'short.csv': 'a,b,c\n1,2,3\n',
  });
  const mended = await importMixed();
  expect(mended).toMatchObject({ outcome: 'published', tables: 3, carriedOver: 2 });
  expect(mended.failed).toMatchObject({ count: 1, first: [{ table: 'archive.zip/hurt.csv' }] });
});

test('where nothing is left to be published, the import fails as it always does', async () => {
  await site.kaggle.publishVersion('owner/mixed', { 'cut.json': '{"data": [{"a":' });
  const { exitCode, stdout } = await command('import', 'mixed');
  expect(exitCode).toBe(1);
  expect(stdout).toContain('mixed: FORMAT_UNREADABLE');
  expect(await tables('table', 'table_name')).toEqual(['archive__whole', 'good', 'short']);
});
