/** What the documents show to copy is accepted: datasets by the schema, commands by the temporal CLI. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { loadDatasetsConfig } from '../../src/config/load.js';
import {
  IMPORT_ALL_WORKFLOW_ID,
  importWorkflowId,
  TASK_QUEUES,
  type ImportAllInput,
  type ImportDatasetInput,
} from '../../src/contract.js';
import { errorTable } from '../../src/errors/index.js';
import { findTool } from '../../src/stack/index.js';
import { codeBlocks, firstCells, read, section, shellCommands } from '../helpers/markdown.js';
import { createTestNamespace, type TestNamespace } from '../helpers/test-namespace.js';

const folder = mkdtempSync(join(tmpdir(), 'kaggle-import-snippets-'));
const readme = read('README.md');
let namespace: TestNamespace;
let temporal: string;

beforeAll(async () => {
  namespace = await createTestNamespace();
  temporal = await findTool('temporal', {
    ...(process.env['TEMPORAL_CLI'] && { explicitPath: process.env['TEMPORAL_CLI'] }),
    cacheDirectory: process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'),
    onProgress: () => undefined,
    signal: new AbortController().signal,
  });
});
afterAll(async () => {
  await namespace.close();
  rmSync(folder, { recursive: true, force: true });
});

test.each(['README.md', 'docs/configuration.md'])(
  'the datasets shown in %s are valid',
  async (doc) => {
    const blocks = codeBlocks(read(doc), 'yaml');
    expect(blocks.length).toBeGreaterThan(0);
    // What an example includes.
    mkdirSync(join(folder, 'teams'), { recursive: true });
    writeFileSync(join(folder, 'teams', 'a.yaml'), 'datasets: {x: {kaggle_ref: o/x}}\n');
    for (const [index, block] of blocks.entries()) {
      const file = join(folder, `${index}.yaml`);
      writeFileSync(file, block);
      expect((await loadDatasetsConfig(file)).datasets.size).toBeGreaterThan(0);
    }
  },
);

test('README.md adds a dataset in five lines', () => {
  expect(codeBlocks(readme, 'yaml')[0]!.trim().split('\n')).toHaveLength(5);
});

const datasetKeys = { dataset: true, force: true, authChecked: true } satisfies Record<
  keyof ImportDatasetInput,
  true
>;
const allKeys = {
  ...{ continued: true, finished: true, only: true, domains: true, small: true },
  ...{ force: true, maxParallel: true },
} satisfies Record<keyof ImportAllInput, true>;

test('the inputs shown are those of the workflows', () => {
  const inputs = [...readme.matchAll(/(?:--input '|`)(\{.*?\})['`]/g)].map(
    ([, json]) => JSON.parse(json!) as Record<string, unknown>,
  );
  expect(inputs.length).toBeGreaterThanOrEqual(3);
  for (const input of inputs) {
    const known = 'dataset' in input ? datasetKeys : allKeys;
    for (const key of Object.keys(input)) expect(known).toHaveProperty(key);
  }
});

/** Runs the command of README.md that begins so, in this test's namespace. */
function runFromReadme(start: string): string {
  const command = shellCommands(readme).find((line) => line.startsWith(start));
  expect(command, start).toBeDefined();
  return execFileSync('/bin/sh', ['-c', command!.replace('temporal ', '"$TEMPORAL" ')], {
    encoding: 'utf8',
    env: {
      ...process.env,
      TEMPORAL: temporal,
      TEMPORAL_ADDRESS: inject('stack').TEMPORAL_ADDRESS,
      TEMPORAL_NAMESPACE: namespace.name,
    },
  });
}

test('the temporal CLI starts an import, and joins the one that runs', async () => {
  runFromReadme('temporal workflow start');
  const handle = namespace.client.workflow.getHandle(importWorkflowId('iris'));
  const { type, taskQueue, runId } = await handle.describe();
  expect({ type, taskQueue }).toEqual({ type: 'importDataset', taskQueue: TASK_QUEUES.control });
  expect(runFromReadme('temporal workflow start')).toContain(runId);
});

test('the temporal CLI schedules importAll for 02:00', async () => {
  runFromReadme('temporal schedule create');
  const { action, spec, policies } = await namespace.client.schedule
    .getHandle('kaggle-import-daily')
    .describe();
  expect(action).toMatchObject({
    workflowType: 'importAll',
    workflowId: IMPORT_ALL_WORKFLOW_ID,
    taskQueue: TASK_QUEUES.control,
  });
  expect(spec.calendars?.[0]).toMatchObject({ hour: [{ start: 2 }], minute: [{ start: 0 }] });
  expect(policies.overlap).toBe('SKIP');
});

test('README.md has every exit code', () => {
  const codes = Object.values(errorTable).map(({ exitCode }) => exitCode);
  const [, exitCodes] = section(readme, '## Commands').split('| exit code');
  expect(firstCells(`| exit code${exitCodes}`)).toEqual(
    [...new Set([0, ...codes])].sort((a, b) => a - b).map(String),
  );
});

test('the shell commands of README.md call make targets that exist', () => {
  const targets = [...read('Makefile').matchAll(/^([a-z-]+):/gm)].map(([, target]) => target);
  const called = [...readme.matchAll(/(?:^|`)make ([a-z-]+)/gm)].map(([, target]) => target);
  expect(called).toEqual(expect.arrayContaining(['demo', 'test', 'down']));
  for (const target of called) expect(targets).toContain(target);
});
