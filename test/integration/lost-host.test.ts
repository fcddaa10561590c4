/** The host with the files dies for good: another one does the import, and the dead one tidies up if it returns. */
import { expect, test } from 'vitest';
import { MOMENTS, people, ROWS } from '../helpers/import-moments.js';
import { ImportSite } from '../helpers/import-site.js';
import { publicationState, publishedOnce } from '../helpers/publication-state.js';

test('the import starts over on another host, and ends published once', async () => {
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
