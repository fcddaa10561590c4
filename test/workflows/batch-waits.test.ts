/** Imports that wait: the batch goes on without them, and they without the batch. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ImportPlan } from '../../src/activities/prepare.js';
import { RETRY_NOW_SIGNAL, type ImportAllInput } from '../../src/contract.js';
import { runBatch } from '../helpers/run-batch.js';
import { refuse } from '../helpers/started-import.js';
import { stubActivities } from '../helpers/stub-activities.js';
import { createTestNamespace, type TestNamespace } from '../helpers/test-namespace.js';
import { withWorkers } from '../helpers/workflow-workers.js';

let namespace: TestNamespace;
beforeAll(async () => {
  namespace = await createTestNamespace();
});
afterAll(() => namespace.close());

const run = (input: ImportAllInput) => runBatch(namespace, input);

test('a batch is done without the dataset that waits, which goes on by itself', async () => {
  let ready = false;
  const base = stubActivities();
  const { activities, calls } = stubActivities({
    resolveSource: async (plan) => {
      if (plan.entry.name === 'late' && !ready) return refuse('DATASET_NOT_READY');
      return base.activities.resolveSource(plan);
    },
  });
  await withWorkers(namespace.name, activities, async () => {
    const only = ['late', 'x1', 'x2', 'x3'];
    const { counts } = await run({ only, maxParallel: 1 });
    expect(counts).toEqual({ waiting: 1, published: 3 });
    expect(calls).toContain('leaveBatch:late:waiting');
    const late = namespace.client.workflow.getHandle('import:late');
    expect((await late.describe()).status.name).toBe('RUNNING');
    ready = true;
    // The next night joins it, and it looks again.
    expect((await run({ only: ['late'] })).counts).toEqual({ 'already-running': 1 });
    expect(await late.result()).toMatchObject({ outcome: 'published' });
  });
});

test('room on a disk is waited for outside of the batch, wherever it was wanting', async () => {
  const full = new Set(['loading', 'converting']);
  const { downloadToCache, convertTable } = stubActivities().activities;
  const isFull = (where: string, { entry }: ImportPlan) => entry.name === where && full.has(where);
  const { activities } = stubActivities({
    downloadToCache: async (request) =>
      isFull('loading', request.plan) ? refuse('DISK_FULL') : downloadToCache(request),
    convertTable: async (request) =>
      isFull('converting', request.plan) ? refuse('DISK_FULL') : convertTable(request),
  });
  await withWorkers(namespace.name, activities, async () => {
    const { counts } = await run({ only: [...full, 'other'], maxParallel: 1 });
    expect(counts).toEqual({ waiting: 2, published: 1 });
    for (const name of full) {
      full.delete(name);
      const waiting = namespace.client.workflow.getHandle(`import:${name}`);
      await waiting.signal(RETRY_NOW_SIGNAL);
      expect(await waiting.result()).toMatchObject({ outcome: 'published' });
    }
  });
});

test('an import that a batch has gone on without tells of its failure itself', async () => {
  const base = stubActivities();
  let asked = 0;
  const { activities, calls } = stubActivities({
    resolveSource: async (plan) => {
      if (plan.entry.name !== 'lost') return base.activities.resolveSource(plan);
      asked += 1;
      return refuse(asked === 1 ? 'DATASET_NOT_READY' : 'SOURCE_NOT_FOUND');
    },
  });
  await withWorkers(namespace.name, activities, async () => {
    expect((await run({ only: ['lost'] })).counts).toEqual({ waiting: 1 });
    expect(calls).not.toContain('notify:lost');
    const lost = namespace.client.workflow.getHandle('import:lost');
    await lost.signal(RETRY_NOW_SIGNAL);
    await expect(lost.result()).rejects.toMatchObject({ cause: { type: 'SOURCE_NOT_FOUND' } });
    expect(calls).toContain('notify:lost');
  });
});
