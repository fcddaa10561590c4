/** What a dataset of as many tables as are taken costs: seconds, history and payloads, long names and rejects in all. */
import { expect, test } from 'vitest';
import { ImportSite } from '../../test/helpers/import-site.js';
import { sizesOf } from '../history-sizes.js';

const SIZES = (process.env['TABLES'] ?? '100,1000,3000').split(',').map(Number);
/** Of a file, without its number: file systems take 255 bytes. */
const LONG = 'a_name_that_somebody_has_thought_about_'.repeat(6).slice(0, 240);

test.each(SIZES)('a dataset of %i tables', async (count) => {
  const files = Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`${LONG}${i}.csv`, `day,price\n${i},5\n1,2,3\n2,6\n`]),
  );
  const site = await ImportSite.open({
    datasets: { many: files },
    defaults: { checks: { max_rejects: 1 } },
  });
  try {
    await site.startWorker();
    for (const what of ['published', 'up-to-date'] as const) {
      const began = performance.now();
      const handle = await site.start('many');
      const { outcome, tables, rows, rejects } = await handle.result();
      const seconds = Math.round((performance.now() - began) / 100) / 10;
      console.log(
        JSON.stringify({ tables, outcome, seconds, rows, rejects, ...(await sizesOf(handle)) }),
      );
      expect([outcome, tables]).toEqual([what, what === 'published' ? count : tables]);
    }
    const stored = await site.query(
      `SELECT logical_role AS role, count(*)::int, sum(row_count)::int AS rows FROM dataset_files
      WHERE logical_role IN ('table', 'rejects') GROUP BY 1 ORDER BY 1`,
    );
    expect(stored).toEqual([
      { role: 'rejects', count, rows: count },
      { role: 'table', count, rows: 2 * count },
    ]);
  } finally {
    await site.close();
  }
});
