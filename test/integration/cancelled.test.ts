/** An import cancelled at every stage: recorded as cancelled, and nothing of it is left, seen or unseen. */
import { expect, test } from 'vitest';
import { MOMENTS, ROWS } from '../helpers/import-moments.js';
import { ImportSite } from '../helpers/import-site.js';
import { nothingPublished, publicationState, publishedOnce } from '../helpers/publication-state.js';

const before = MOMENTS.filter(({ committed }) => !committed);
const after = MOMENTS.filter(({ committed }) => committed);

test.concurrent.each(before)('cancelled $name', async ({ activity, files, reach }) => {
  const site = await ImportSite.open({ datasets: { people: files() } });
  try {
    await site.startWorker();
    const reached = reach(site);
    const handle = await site.start('people');
    await reached;
    expect(await site.pendingActivities('people')).toEqual([activity]);
    await handle.cancel();

    await expect(handle.result()).rejects.toThrow();
    expect((await handle.describe()).status.name).toBe('CANCELLED');
    expect(await publicationState(site, 'people')).toEqual(nothingPublished(['cancelled']));
    expect(site.workFiles()).toEqual([]);
  } finally {
    await site.close();
  }
});

test.concurrent.each(after)(
  'a cancellation $name comes too late: the import ends published',
  async ({ files, reach }) => {
    const site = await ImportSite.open({ datasets: { people: files() } });
    try {
      await site.startWorker();
      const reached = reach(site);
      const handle = await site.start('people');
      await reached;
      await handle.cancel();
      site.openGates();
      expect(await handle.result()).toMatchObject({ outcome: 'published', warnings: [] });
      expect(await publicationState(site, 'people')).toEqual(publishedOnce(ROWS, ['published']));
      expect(site.workFiles()).toEqual([]);
    } finally {
      await site.close();
    }
  },
);
