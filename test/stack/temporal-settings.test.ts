/** The commands of temporal/README.md work as written, on a real server. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { IMPORT_ALL_WORKFLOW_ID, SEARCH_ATTRIBUTES, TASK_QUEUES } from '../../src/contract.js';
import { findTool } from '../../src/stack/index.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const readme = readFileSync(join(root, 'temporal', 'README.md'), 'utf8');
let temporal: string;
let connection: Connection;

beforeAll(async () => {
  temporal = await findTool('temporal', {
    cacheDirectory: process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'),
    onProgress: () => undefined,
    signal: new AbortController().signal,
  });
  connection = await Connection.connect({ address: inject('stack').TEMPORAL_ADDRESS });
});
afterAll(() => connection.close());

/** Runs the command of the README that begins with `start`, under ids of this test. */
function runCommand(start: string, ids: Record<string, string>): void {
  const from = readme.indexOf(start);
  const end = readme.slice(from).search(/\n\n|\n```/);
  let command = readme.slice(from, from + end).replace('temporal ', '"$TEMPORAL" ');
  for (const [written, own] of Object.entries(ids)) command = command.replace(written, own);
  execFileSync('/bin/sh', ['-c', command], {
    cwd: root,
    env: {
      ...process.env,
      TEMPORAL: temporal,
      TEMPORAL_ADDRESS: inject('stack').TEMPORAL_ADDRESS,
    },
    stdio: 'pipe',
  });
}

test('the search attributes to create are those of the contract', () => {
  const written = [...readme.matchAll(/--name (\w+) --type Keyword/g)].map(([, name]) => name);
  expect(written).toEqual(Object.values(SEARCH_ATTRIBUTES));
});

test('an import starts from the CLI, and starting it again keeps the one that runs', async () => {
  const ids = { 'import:iris': 'readme-import', 'task-queue kaggle-import': 'task-queue nobody' };
  runCommand('temporal workflow start', ids);
  runCommand('temporal workflow start', ids);
  const handle = new Client({ connection }).workflow.getHandle('readme-import');
  expect(await handle.describe()).toMatchObject({
    type: 'importDataset',
    status: { name: 'RUNNING' },
  });
  await handle.terminate();
});

test('the daily schedule starts importAll at 02:00', async () => {
  runCommand('temporal schedule create', { 'kaggle-import-daily': 'readme-schedule' });
  const handle = new Client({ connection }).schedule.getHandle('readme-schedule');
  const { action, spec, policies } = await handle.describe();
  await handle.delete();
  expect(action).toMatchObject({
    workflowType: 'importAll',
    workflowId: IMPORT_ALL_WORKFLOW_ID,
    taskQueue: TASK_QUEUES.control,
  });
  expect(spec.calendars?.[0]).toMatchObject({ hour: [{ start: 2 }], minute: [{ start: 0 }] });
  expect(policies.overlap).toBe('SKIP');
});
