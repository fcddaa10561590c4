/** docs/operations.md, "The embedded stack": copied and put back as written, in another clone, as after a lost disk. */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { Client as Minio, type BucketItem } from 'minio';
import { afterAll, expect, test } from 'vitest';
import { readStack, stackEnvironment } from '../../src/stack/index.js';
import { client, commandRunner, type CommandRunner } from '../helpers/command.js';
import { codeBlocks, read, section } from '../helpers/markdown.js';

const lost = commandRunner();
const other = commandRunner();
afterAll(async () => {
  await Promise.all([lost.run(['down']), other.run(['down'])]);
});

/** Runs a block of the page; `make <verb>` calls that verb (test/docs/makefile.test.ts). */
async function shell(block: string, { folder, environment }: CommandRunner): Promise<void> {
  await execa('/bin/sh', ['-e', '-c', `make() { "$NODE" "$CLIENT" "$@"; }\n${block}`], {
    cwd: folder,
    env: { ...environment, NODE: process.execPath, CLIENT: client },
    extendEnv: false,
  });
}

async function json({ run }: CommandRunner, ...args: string[]): Promise<unknown> {
  const { stdout, stderr, exitCode } = await run(['--json', ...args]);
  expect(exitCode, `${stderr}${stdout}`).toBe(0);
  return JSON.parse(stdout);
}

/** Everything that readers find: the catalog's datasets, and the objects by their checksums. */
async function readable(runner: CommandRunner): Promise<{ datasets: unknown; objects: string[] }> {
  const env = stackEnvironment((await readStack(join(runner.folder, '.stack')))!);
  const [endPoint, port] = env['MINIO_ENDPOINT']!.split(':');
  const minio = new Minio({
    ...{ endPoint: endPoint!, port: Number(port), useSSL: false },
    accessKey: env['MINIO_ACCESS_KEY']!,
    secretKey: env['MINIO_SECRET_KEY']!,
  });
  const objects: string[] = [];
  for await (const item of minio.listObjectsV2('exai-datasets', '', true)) {
    const { name, etag } = item as BucketItem;
    objects.push(`${name} ${etag}`);
  }
  return { datasets: await json(runner, 'list'), objects };
}

test('what was published, its schedule and its cache are all there again', async () => {
  const [backUp, restore] = codeBlocks(
    section(read('docs/operations.md'), '### The embedded stack'),
    'sh',
  );
  expect((await lost.run(['up'])).exitCode).toBe(0);
  await json(lost, 'import', 'iris');
  await json(lost, 'schedule', 'create');
  await shell(backUp!, lost);
  const before = await readable(lost);
  // Parquet, its two descriptions, three of Iceberg, pointer, and whose bucket it is.
  expect(before.objects).toHaveLength(8);
  expect((await lost.run(['down'])).exitCode).toBe(0);

  copyFileSync(join(lost.folder, 'backup.tar'), join(other.folder, 'backup.tar'));
  await shell(restore!, other);
  expect(await readable(other)).toEqual(before);
  expect(await json(other, 'import', 'iris')).toMatchObject({
    imports: [{ outcome: 'up-to-date', transferredBytes: 0 }],
  });
  expect(await json(other, 'status')).toMatchObject({ cache: { entries: 1 } });
  expect((await other.run(['schedule', 'show'])).stdout).toContain('next run');
});
