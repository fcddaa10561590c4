/** kill -9 of the worker at every stage: the import ends published once, and leaves nothing behind. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { soonMissed } from '../helpers/faster/index.js';
import { MOMENTS, people, ROWS, type Moment } from '../helpers/import-moments.js';
import { ImportSite } from '../helpers/import-site.js';
import { nothingPublished, publicationState, publishedOnce } from '../helpers/publication-state.js';
import { webhook } from '../helpers/webhook.js';

const folder = mkdtempSync(join(tmpdir(), 'kaggle-import-killed-'));
let missed: Record<string, string>;
beforeAll(async () => {
  missed = await soonMissed(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a worker that is told to stop hands its steps back, and the next one goes on at once', async () => {
  const site = await ImportSite.open({ datasets: { people: { 'people.csv': people() } } });
  try {
    const worker = await site.startWorker();
    const reached = momentOf('storeTable').reach(site);
    const handle = await site.start('people');
    await reached;
    expect(await worker.stop()).toBe(0);
    expect(await site.pendingActivities('people')).toEqual(['storeTable']);
    site.gate.open();
    await site.startWorker();
    expect(await handle.result()).toMatchObject({ outcome: 'published', rows: ROWS });
    expect(await publicationState(site, 'people')).toEqual(publishedOnce(ROWS, ['published']));
  } finally {
    await site.close();
  }
});

const momentOf = (activity: string): Moment => MOMENTS.find((one) => one.activity === activity)!;

/** Of a small dataset of a batch: several steps are one task, which is not tried again. */
const SHORT_MOMENTS: readonly Moment[] = [
  { ...momentOf('storeTable'), activity: 'publishShort' },
  {
    ...momentOf('publish'),
    name: 'between the commit and its answer',
    activity: 'publishShort',
    committed: true,
    async reach(site) {
      await momentOf('publish').reach(site);
      // What claims the last objects has been committed before.
      const inserted = site.databaseGate.holdAnswer(/INSERT INTO dataset_versions/);
      site.gate.open();
      await inserted;
      site.databaseGate.open();
      await site.databaseGate.holdAnswer(/COMMIT/);
    },
  },
  { ...momentOf('recordOutcome'), activity: 'concludeShort' },
];

const WAYS = [
  ...MOMENTS.map((moment) => ({ ...moment, way: 'step by step', batchId: undefined })),
  ...SHORT_MOMENTS.map((moment) => ({ ...moment, way: 'the short way', batchId: 'a-batch' })),
];

/** Clean-up and records never fail an import: only its history tells that one of them did not get to its end. */
async function stepsGivenUp(handle: WorkflowHandle): Promise<(string | undefined)[]> {
  const { events } = await handle.fetchHistory();
  return (events ?? []).flatMap((event) => {
    const failure = event.activityTaskFailedEventAttributes?.failure;
    const timeout = event.activityTaskTimedOutEventAttributes?.failure;
    return (failure ?? timeout) ? [(failure ?? timeout)!.message ?? undefined] : [];
  });
}

// Side by side: each waits until the server misses the heartbeats of the killed worker.
test.concurrent.each(WAYS)(
  'killed $name, $way',
  async ({ activity, committed, pointed, files, reach, batchId }) => {
    const site = await ImportSite.open({ datasets: { people: files() } });
    try {
      const worker = await site.startWorker('one', missed);
      const reached = reach(site);
      const handle = await site.start('people', batchId);
      await reached;
      await worker.kill();

      expect(await site.pendingActivities('people')).toEqual([activity]);
      const between = await publicationState(site, 'people');
      expect(between.currentRows).toBe(committed ? ROWS : undefined);
      const recorded = ['recordOutcome', 'concludeShort'].includes(activity);
      expect(between.outcomes).toEqual([recorded ? 'published' : 'running']);
      expect(between.versions).toBe(committed ? 1 : 0);
      expect(between.objects.includes('current.json')).toBe(pointed);

      site.openGates();
      await site.startWorker('one', missed);
      const result = await handle.result();
      expect(result).toMatchObject({ outcome: 'published', rows: ROWS, rejects: 0 });
      expect(await publicationState(site, 'people')).toEqual(publishedOnce(ROWS, ['published']));
      expect(await stepsGivenUp(handle)).toHaveLength(activity === 'publishShort' ? 1 : 0);
      const { rows, parquetBytes } = result;
      const records = await site.query('SELECT rows, parquet_bytes FROM imports');
      expect(records).toEqual([{ rows: String(rows), parquet_bytes: String(parquetBytes) }]);
      expect(site.workFiles()).toEqual([]);
    } finally {
      await site.close();
    }
  },
);

// Whoever cancels an import because its machine is gone: the next worker brings it to the end that they wished.
test.concurrent.each(MOMENTS.filter(({ activity }) => ['unpack', 'storeTable'].includes(activity)))(
  'killed and then cancelled $name',
  async ({ activity, files, reach }) => {
    const slack = await webhook();
    const site = await ImportSite.open({ datasets: { people: files() } });
    try {
      const worker = await site.startWorker('one', { ...missed, SLACK_WEBHOOK_URL: slack.url });
      const reached = reach(site);
      const handle = await site.start('people');
      await reached;
      await worker.kill();
      await handle.cancel();
      expect(await site.pendingActivities('people')).toEqual([activity]);
      expect((await publicationState(site, 'people')).outcomes).toEqual(['running']);

      site.openGates();
      await site.startWorker('one', { ...missed, SLACK_WEBHOOK_URL: slack.url });
      await expect(handle.result()).rejects.toThrow();
      expect((await handle.describe()).status.name).toBe('CANCELLED');
      expect(await publicationState(site, 'people')).toEqual(nothingPublished(['cancelled']));
      expect(site.workFiles()).toEqual([]);
      expect(slack.messages).toEqual([]);
    } finally {
      await site.close();
    }
  },
);

test.concurrent('killed between the store and the commit of a table that grows', async () => {
  const day = (id: number): string => `id,fare\n${id},0.5\n${id + 1},300\n`;
  const files = { 'day_1.csv': day(1) };
  const defaults = { tables: { trips: { files: 'day_*.csv', append: { key: ['id'] } } } };
  const site = await ImportSite.open({ datasets: { taxi: files }, defaults });
  try {
    const worker = await site.startWorker('one', missed);
    expect(await (await site.start('taxi')).result()).toMatchObject({ rows: 2 });
    const before = await site.objectStates();
    await site.kaggle.publishVersion('owner/taxi', { ...files, 'day_2.csv': day(3) });
    const reached = site.gate.hold(/^PUT .*croissant\.json/);
    const handle = await site.start('taxi');
    await reached;
    await worker.kill();
    const versions = 'SELECT row_count FROM dataset_versions ORDER BY published_at';
    expect(await site.query(versions)).toHaveLength(1);
    site.openGates();
    await site.startWorker('one', missed);
    const appended = [{ table: 'trips', files: 1, rows: 2, to: '1' }];
    expect(await handle.result()).toMatchObject({ outcome: 'published', rows: 4, appended });
    expect(await site.query(versions)).toEqual([{ row_count: '2' }, { row_count: '4' }]);
    const after = await site.objectStates();
    for (const key of Object.keys(before).filter((one) => one.endsWith('.parquet'))) {
      expect(after[key]).toBe(before[key]);
    }
    expect(Object.keys(after).filter((key) => key.endsWith('.parquet'))).toHaveLength(2);
  } finally {
    await site.close();
  }
});
