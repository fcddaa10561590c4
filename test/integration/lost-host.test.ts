/** The host with the files is gone: another one does the import, and the lost one does no harm when it returns. */
import { expect, test } from 'vitest';
import { MOMENTS, people, ROWS } from '../helpers/import-moments.js';
import { ImportSite } from '../helpers/import-site.js';
import { publicationState, publishedOnce } from '../helpers/publication-state.js';
import { changesNothing, openZombieSite, publishNewer } from '../helpers/zombie-site.js';

// Side by side: each waits about a minute until the server misses the heartbeats.
test.concurrent('the import starts over on another host, and ends published once', async () => {
  const site = await ImportSite.open({
    datasets: { people: { 'people.csv': people() } },
    settings: { host_lost_after_minutes: 0.2 },
  });
  try {
    const one = await site.startWorker('one');
    const storing = MOMENTS.find(({ activity }) => activity === 'storeTable')!;
    const reached = storing.reach(site);
    const handle = await site.start('people');
    await reached;
    await one.kill();
    site.gate.open();
    expect(site.workFiles('one')).not.toEqual([]);

    await site.startWorker('two');
    expect(await handle.result()).toMatchObject({ outcome: 'published', rows: ROWS });
    const downloads = site.kaggle.requests.filter(({ host }) => host === 'storage');
    expect(downloads.length).toBe(2);
    expect(await publicationState(site, 'people')).toEqual(publishedOnce(ROWS, ['published']));
    expect(site.workFiles('two')).toEqual([]);

    await site.startWorker('one');
    expect(site.workFiles('one')).toEqual([]);
  } finally {
    await site.close();
  }
});

test.concurrent(
  'a host that is only cut off from Temporal publishes late, and nobody sees it',
  async () => {
    const opened = await openZombieSite();
    const { site, database, temporal, zombie, close } = opened;
    try {
      const reached = database.holdAnswer(/FROM dataset_versions WHERE prefix = \$1/);
      const old = await site.start('people');
      await reached;
      temporal.refuse();
      await site.startWorker('two');
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
