/** The gate before every release: imports that run now must be able to go on with the new code. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, Worker, type ReplayResult } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { expect, test } from 'vitest';
import { SAMPLE_ACCOUNT } from '../../src/stack/kaggle-server/index.js';
import { workflowBundle } from '../helpers/workflow-workers.js';
import { KEPT, readHistories, RECORDED } from './histories.js';

type Bundle = Parameters<typeof Worker.runReplayHistories>[0]['workflowBundle'];

async function replay(bundle: Bundle): Promise<ReplayResult[]> {
  const results: ReplayResult[] = [];
  const histories = readHistories();
  const replays = Worker.runReplayHistories({ workflowBundle: bundle! }, histories);
  for await (const result of replays) results.push(result);
  return results;
}

test('every way that an import goes has a history', () => {
  expect(readHistories().map(({ workflowId }) => workflowId)).toEqual(
    [...RECORDED, ...KEPT].sort(),
  );
});

test('no history at all is an error', () => {
  const empty = mkdtempSync(join(tmpdir(), 'kaggle-import-no-history-'));
  expect(() => readHistories(empty)).toThrow('npm run record-histories');
});

test('the workflows that ship go the same way again', async () => {
  const results = await replay(workflowBundle);
  expect(results.map(({ workflowId }) => workflowId)).toEqual([...RECORDED, ...KEPT].sort());
  expect(results.flatMap(({ workflowId, error }) => (error ? [[workflowId, error]] : []))).toEqual(
    [],
  );
});

test('a changed workflow is noticed', async () => {
  const changed = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('./changed-workflows.ts', import.meta.url)),
    logger: new DefaultLogger('ERROR'),
  });
  const results = await replay(changed);
  for (const { workflowId, error } of results) {
    const isChanged = /^(import-dataset|verify)/.test(workflowId);
    if (isChanged) expect(error, workflowId).toBeInstanceOf(DeterminismViolationError);
    else expect(error, workflowId).toBeUndefined();
  }
});

/** All texts of a history, payloads decoded. */
function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  const { data, ...rest } = value as Record<string, unknown>;
  const decoded = typeof data === 'string' ? [Buffer.from(data, 'base64').toString()] : texts(data);
  return [...decoded, ...Object.values(rest).flatMap(texts)];
}

test('no history holds a secret', () => {
  for (const { workflowId, history } of readHistories()) {
    const all = texts(history).join('\n');
    // The payloads are decoded, or nothing would be found in them.
    expect(all, workflowId).toMatch(/"dataset"|"versions"/);
    for (const secret of [SAMPLE_ACCOUNT.key, SAMPLE_ACCOUNT.token]) {
      expect(all, workflowId).not.toContain(secret);
    }
    expect(all, workflowId).not.toMatch(/postgres(ql)?:\/\/|authorization|password|x-goog-sig/i);
    expect(all, workflowId).not.toMatch(/secret.?key/i);
  }
});
