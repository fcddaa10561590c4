/**
 * Whether memory, disk and seconds a gigabyte grow with a table: `node bench/size.js [--sizes 1,4,20] [--json FILE]`.
 * The largest needs room for the table, twice its archive and twice its Parquet.
 */
import { lstatSync, readdirSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { clearInterval, setInterval } from 'node:timers';
import { parseArgs } from 'node:util';
import { machine } from './convert/report.js';
import { ours } from './import/contenders.js';
import { openSite } from './import/site.js';
import { sizeTable } from './pictures/tables.js';

const LOOK_EVERY_MS = 500;

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '1,4,20' },
    json: { type: 'string', default: join(import.meta.dirname, 'results', 'size.json') },
  },
});
const sizes = [];
for (const gigabytes of values.sizes.split(',').map(Number)) {
  const site = await openSite({ large: gigabytes * 1e9 });
  let most = 0;
  const look = () => (most = Math.max(most, bytesBelow(site.env.CACHE_DIR, site.env.WORK_DIR)));
  const timer = setInterval(look, LOOK_EVERY_MS);
  try {
    const { seconds, cpuSeconds, peakBytes, parquetBytes, stages } = await ours(site, 1);
    const { archiveBytes } = site.source;
    const measures = { seconds, cpuSeconds, peakBytes, parquetBytes, stages, archiveBytes };
    sizes.push({ gigabytes, ...measures, diskBytes: most - archiveBytes, load: loadavg()[0] });
    console.error(`bench: ${JSON.stringify(sizes.at(-1))}`);
  } finally {
    clearInterval(timer);
    await site.close();
  }
}
const record = {
  measuredAt: new Date().toISOString(),
  machine: { ...machine(), loadAverage: loadavg() },
  sizes,
};
console.log(sizeTable(record));
writeFileSync(values.json, `${JSON.stringify(record, null, 2)}\n`);

/** As the disk has it: sparse files by their blocks, and one of several names once. */
function bytesBelow(...folders) {
  const seen = new Map();
  for (const folder of folders) {
    let names = [];
    try {
      names = readdirSync(folder, { recursive: true });
    } catch {
      // Not there yet, or changed in this moment.
    }
    for (const name of names) {
      const file = lstatSync(join(folder, name), { throwIfNoEntry: false });
      if (file?.isFile()) seen.set(file.ino, file.blocks * 512);
    }
  }
  return [...seen.values()].reduce((sum, bytes) => sum + bytes, 0);
}
