/** Whose work folders a worker removes at its start, and `make clean` at any time, on a disk that namespaces share. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  createWorkDirectory,
  removeEndedWork,
  workDirectoryOf,
} from '../../src/activities/work-directory.js';
import { TASK_QUEUES } from '../../src/contract.js';
import { findRuns } from '../../src/temporal/runs.js';
import { eventually } from '../helpers/eventually.js';
import { createTestNamespace, type TestNamespace } from '../helpers/test-namespace.js';

const LONG_AGO = new Date(Date.now() - 2 * 86_400_000);
let ours: TestNamespace;
let theirs: TestNamespace;
let root: string;

beforeAll(async () => {
  [ours, theirs] = await Promise.all([createTestNamespace(), createTestNamespace()]);
});
afterAll(() => Promise.all([ours.close(), theirs.close()]));
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'kaggle-import-work-'));
  return () => rmSync(root, { recursive: true });
});

const remove = ({ client }: TestNamespace): Promise<number> =>
  removeEndedWork(root, (runIds) => findRuns(client, runIds));

/** An import of `dataset` whose files lie on this host; gives what ends it. */
async function begin({ client }: TestNamespace, dataset: string): Promise<() => Promise<void>> {
  const options = { taskQueue: TASK_QUEUES.control, workflowId: `import:${dataset}` };
  const handle = await client.workflow.start('importDataset', { ...options, args: [{ dataset }] });
  const runId = handle.firstExecutionRunId;
  const known = async (): Promise<string | undefined> =>
    (await findRuns(client, [runId])).get(runId);
  await eventually('the start to be seen', async () => (await known()) === 'running');
  makeFolder(dataset, runId);
  return async () => {
    await handle.terminate('by a test');
    await eventually('the end to be seen', async () => (await known()) === 'ended');
  };
}

function makeFolder(dataset: string, runId: string): string {
  const directory = workDirectoryOf(root, dataset, runId);
  mkdirSync(join(directory, 'unpacked'), { recursive: true });
  writeFileSync(join(directory, 'unpacked', '000001.csv'), 'a\n1\n');
  return directory;
}

test('an import keeps its files while it runs, and loses them once it has ended', async () => {
  const terminate = await begin(ours, 'iris');
  await begin(ours, 'penguins');
  expect(await remove(ours)).toBe(0);
  await terminate();
  expect(await remove(ours)).toBe(1);
  expect(readdirSync(root)).toEqual(['penguins']);
});

test('an import of another namespace keeps its files, running or ended', async () => {
  const terminate = await begin(theirs, 'titanic');
  expect(await remove(ours)).toBe(0);
  await terminate();
  expect(await remove(ours)).toBe(0);
  expect(await remove(theirs)).toBe(1);
  expect(readdirSync(root)).toEqual([]);
});

test('what no namespace remembers goes once nothing in it has changed for a day', async () => {
  const directory = makeFolder('forgotten', 'no run');
  const inner = ['unpacked/000001.csv', 'unpacked', '.'].map((path) => join(directory, path));
  inner.slice(1).forEach((path) => utimesSync(path, LONG_AGO, LONG_AGO));
  expect(await remove(ours)).toBe(0);
  utimesSync(inner[0]!, LONG_AGO, LONG_AGO);
  expect(await remove(ours)).toBe(1);
  expect(readdirSync(root)).toEqual([]);
});

test('a work directory that cannot be written has its code', async () => {
  const file = join(root, 'a-file');
  writeFileSync(file, '');
  const work = createWorkDirectory(workDirectoryOf(file, 'iris', 'run'));
  await expect(work).rejects.toMatchObject({ code: 'WORK_UNWRITABLE', retryable: false });
});
