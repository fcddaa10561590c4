/** The host with the files is gone: another one does the import, and the lost one does no harm when it returns. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { soonMissed } from '../helpers/faster/index.js';
import { MOMENTS, people, ROWS } from '../helpers/import-moments.js';
import { ImportSite } from '../helpers/import-site.js';
import { publicationState, publishedOnce } from '../helpers/publication-state.js';
import { changesNothing, openZombieSite, publishNewer } from '../helpers/zombie-site.js';

const folder = mkdtempSync(join(tmpdir(), 'kaggle-import-lost-'));
let missed: Record<string, string>;
beforeAll(async () => {
  missed = await soonMissed(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// Side by side: each waits until the server misses the heartbeats.
test.concurrent('the import starts over on another host, and ends published once', async () => {
  const site = await ImportSite.open({
    datasets: { people: { 'people.csv': people() } },
    settings: { host_lost_after_minutes: 0.2 },
  });
  try {
    const one = await site.startWorker('one', missed);
    const storing = MOMENTS.find(({ activity }) => activity === 'storeTable')!;
    const reached = storing.reach(site);
    const handle = await site.start('people');
    await reached;
    await one.kill();
    site.gate.open();
    expect(site.workFiles('one')).not.toEqual([]);

    await site.startWorker('two', missed);
    expect(await handle.result()).toMatchObject({ outcome: 'published', rows: ROWS });
    const downloads = site.kaggle.requests.filter(({ host }) => host === 'storage');
    expect(downloads.length).toBe(2);
    expect(await publicationState(site, 'people')).toEqual(publishedOnce(ROWS, ['published']));
    expect(site.workFiles('two')).toEqual([]);

    await site.startWorker('one', missed);
    expect(site.workFiles('one')).toEqual([]);
  } finally {
    await site.close();
  }
});

test.concurrent(
  'a host that is only cut off from Temporal publishes late, and nobody sees it',
  async () => {
    const opened = await openZombieSite(missed);
    const { site, database, temporal, zombie, close } = opened;
    try {
      const reached = database.holdAnswer(/FROM dataset_versions WHERE prefix = \$1/);
      const old = await site.start('people');
      await reached;
      temporal.refuse();
      await site.startWorker('two', missed);
      expect(await old.result()).toMatchObject({ outcome: 'published', version: '1', rows: 2 });
      await publishNewer(site);
      await changesNothing(opened, () => database.open());
      // The answer that it waits for may come too late for it.
      expect(zombie.output()).toMatch(/IMPORT_SUPERSEDED|DATABASE_UNREACHABLE/);
    } finally {
      await close();
    }
  },
);
