/**
 * Measures whole imports, from the command to the published version, beside scripts that do the same without proof,
 * ledger, profile and catalog: `node bench/import.js [options]`.
 * --input orders|wide|text|files|small|tiny (orders: one gigabyte), --scale N (1; of its rows, or of its datasets), --runs N (3), --only WORD,..., --link MB/s (a throttled source), --minutes N (no other run begins later), --json FILE.
 * The longest that the worker's own thread was blocked is told, and one above 100 ms is a failure (exit code 1).
 * Servers are real and run on this machine; contenders take turns, so that a disturbance meets all of them.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { contenders } from './import/contenders.js';
import { openSite } from './import/site.js';
import { MOST_BLOCKED_MS } from './import/event-loop.js';
import { isTooLong, summarise, table } from './import/report.js';
import { machine } from './convert/report.js';

const { values } = parseArgs({
  options: {
    input: { type: 'string', default: 'orders' },
    scale: { type: 'string', default: '1' },
    runs: { type: 'string', default: '3' },
    only: { type: 'string' },
    link: { type: 'string' },
    minutes: { type: 'string' },
    json: { type: 'string' },
  },
});
const began = Date.now();
const words = values.only?.split(',') ?? [''];
const linkBytesPerSecond = values.link && Number(values.link) * 1e6;
const site = await openSite({
  ...{ input: values.input, scale: Number(values.scale), linkBytesPerSecond },
});
for (const end of ['SIGINT', 'SIGTERM']) {
  // Its servers would run on.
  process.once(end, () => void site.close().finally(() => process.exit(1)));
}
const results = contenders(site)
  .filter(({ name }) => words.some((word) => name.includes(word)))
  .map((contender) => ({ ...contender, runs: [] }));
try {
  await site.warm();
  for (let run = 1; run <= Number(values.runs); run += 1) {
    if (run > 1 && Date.now() - began > 60_000 * Number(values.minutes ?? Infinity)) break;
    for (const { name, once, runs } of results) {
      runs.push({ ...(await once(run)), load: loadavg()[0] });
      const { seconds, cpuSeconds, stages = {} } = runs.at(-1);
      const parts = Object.entries(stages).map(([stage, s]) => `${stage} ${s.toFixed(2)}`);
      console.error(
        `bench: run ${run}: ${name} ${seconds.toFixed(2)} s, ${cpuSeconds.toFixed(2)} s of processors; ${parts.join(', ')}`,
      );
    }
  }
} finally {
  await site.close();
}

const summary = summarise(results, site.source);
console.log(table(summary));
if (values.json) {
  await mkdir(dirname(values.json), { recursive: true });
  const record = {
    measuredAt: new Date().toISOString(),
    machine: { ...machine(), loadAverage: loadavg() },
    source: site.source,
    contenders: summary,
  };
  await writeFile(values.json, `${JSON.stringify(record, null, 2)}\n`);
  console.error(`bench: wrote ${values.json}`);
}
for (const { name, blockedMs } of summary.filter(isTooLong)) {
  console.error(
    `bench: ${name}: the worker's thread was blocked for ${blockedMs} ms; ${MOST_BLOCKED_MS} ms at most are meant`,
  );
  process.exitCode = 1;
}
