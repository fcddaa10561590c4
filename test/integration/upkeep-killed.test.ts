/** kill -9 of the worker in the middle of `gc` and of a repair: what is half done is true, and the next worker ends it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { GC_WORKFLOW_ID, TASK_QUEUES, VERIFY_WORKFLOW_ID } from '../../src/contract.js';
import type { collectGarbage, verifyPublished } from '../../src/workflows/index.js';
import { eventually } from '../helpers/eventually.js';
import { ImportSite } from '../helpers/import-site.js';

const taskQueue = TASK_QUEUES.control;

async function published(): Promise<{ site: ImportSite; keys: string[] }> {
  const site = await ImportSite.open({
    datasets: { set: { 'people.csv': 'name\nada\n' } },
    settings: { keep_versions: 1, gc_grace_days: 0 },
  });
  await site.startWorker();
  await (await site.start('set')).result();
  return { site, keys: await site.objects() };
}

// Side by side: each waits about a minute until the server misses the heartbeats of the killed worker.
test.concurrent('gc', async () => {
  const { site, keys } = await published();
  try {
    await site.kaggle.publishVersion('owner/set', { 'people.csv': 'name\nada\nalan\n' });
    await (await site.start('set')).result();
    const both = await site.objects();
    const old = keys.filter((key) => /\/v1-/.test(key));
    expect(old.length).toBeGreaterThan(1);
    const reached = site.gate.hold(/^DELETE /);
    const start = { taskQueue, workflowId: GC_WORKFLOW_ID, args: [{}] as [object] };
    const handle = await site.namespace.client.workflow.start<typeof collectGarbage>(
      'collectGarbage',
      start,
    );
    await reached;
    await site.killWorkers();
    // Its row is first: whatever goes then, nobody is shown it any more.
    const states = () =>
      site.query<{ state: string }>('SELECT state FROM dataset_versions ORDER BY published_at');
    expect(await states()).toEqual([{ state: 'removed' }, { state: 'current' }]);
    expect(await site.objects()).toEqual(expect.arrayContaining(both));
    site.openGates();
    await site.startWorker();
    expect(await handle.result()).toMatchObject({ versions: 1, objects: old.length });
    const left = await site.objects();
    expect(left.filter((key) => old.includes(key))).toEqual([]);
    expect(left).toEqual(expect.arrayContaining(both.filter((key) => !old.includes(key))));
    expect(await states()).toEqual([{ state: 'removed' }, { state: 'current' }]);
  } finally {
    await site.close();
  }
});

test.concurrent('a repair, in which no reader ever finds a gap', async () => {
  const { site, keys } = await published();
  const key = keys.find((one) => /\/people[^/]*\.parquet$/.test(one))!;
  const right = await site.etagOf(key);
  await site.alterObject(key, { keepsMetadata: true });
  const wrong = await site.etagOf(key);
  const seen = new Set<string | undefined>();
  const ended = new AbortController();
  const looking = (async () => {
    while (!ended.signal.aborted) {
      seen.add(await site.etagOf(key));
      await sleep(10);
    }
  })();
  try {
    const reached = site.gate.hold(/^PUT .*\.parquet/);
    const start = { taskQueue, workflowId: VERIFY_WORKFLOW_ID, args: [{ deep: true }] as [object] };
    const handle = await site.namespace.client.workflow.start<typeof verifyPublished>(
      'verifyPublished',
      start,
    );
    await reached;
    await site.killWorkers();
    await eventually('the end of its upload', () => site.gate.held() === 0);
    expect(await site.etagOf(key)).toBe(wrong);
    // What was found is remembered: an import in between stores it again.
    expect(await site.query('SELECT key FROM damaged_objects')).toEqual([{ key }]);
    site.openGates();
    await site.startWorker();
    const deep = { compared: 1, repaired: 1, skipped: 0 };
    expect(await handle.result()).toMatchObject({ versions: 1, problems: 0, deep });
    expect(await site.etagOf(key)).toBe(right);
    expect(await site.query('SELECT key FROM damaged_objects')).toEqual([]);
    expect(site.workFiles()).toEqual([]);
  } finally {
    ended.abort();
    await looking;
    await site.close();
  }
  expect([...seen]).toEqual([wrong, right]);
});
