/** What a dataset of as many tables as are taken costs: seconds, history and payloads, long names and rejects in all. */
import { loadavg } from 'node:os';
import { expect, test } from 'vitest';
import { ImportSite } from '../../test/helpers/import-site.js';
import { parquetRows } from '../../test/helpers/parquet-rows.js';
import { sizesOf } from '../history-sizes.js';
import { tellNight } from '../tell-night.js';

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
      const violations = await violationsIn(site, count);
      tellNight({
        ...{ tables: count, outcome, seconds, rows, rejects, ...(await sizesOf(handle)) },
        ...{ violations: violations.length, load: Math.round(loadavg()[0]!) },
      });
      expect([outcome, tables, violations]).toEqual([what, count, []]);
    }
  } finally {
    await site.close();
  }
});

/** Tables that are not their file, as a reader of its own finds them; and rejects that are not one a table. */
async function violationsIn(site: ImportSite, count: number): Promise<string[]> {
  const published = await site.query<{ name: string; key: string; role: string; rows: number }>(
    `SELECT original_filename AS name, parts #>> '{0,key}' AS key, logical_role AS role, row_count::int AS rows
     FROM dataset_files WHERE logical_role IN ('table', 'rejects')`,
  );
  const found: string[] = [];
  const byRole = { table: new Set<string>(), rejects: new Set<string>() };
  for (const { name, key, role, rows } of published) {
    if (role === 'rejects' && rows === 1) byRole.rejects.add(name);
    if (role !== 'table') continue;
    byRole.table.add(name);
    const bytes = await site.readBytes(key);
    const cells = await parquetRows(new Uint8Array(bytes).buffer);
    const number = name.replace(/.*?(\d+)\.csv$/, '$1');
    if (cells.map(String).join(';') !== `${number},5;2,6`) found.push(name);
  }
  for (const [role, names] of Object.entries(byRole)) {
    if (names.size !== count) found.push(`${names.size} ${role} of ${count}`);
  }
  return found;
}
