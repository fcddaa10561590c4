/**
 * Measures the conversion against a bare COPY and against its peers: `node bench/convert.js [options]`.
 * --scale GB (1), --runs N (5), --only WORD,..., --minutes N (no other run begins later), --json FILE, --verbose.
 */
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { homedir, loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { contenders } from './convert/contenders.js';
import { benchmarkFile, COLUMNS, ROWS_PER_GIGABYTE } from './convert/dataset.js';
import { machine, summarise, table } from './convert/report.js';
import { runOnce, warm } from './convert/run.js';

const { values } = parseArgs({
  options: {
    scale: { type: 'string', default: '1' },
    runs: { type: 'string', default: '5' },
    only: { type: 'string' },
    minutes: { type: 'string' },
    json: { type: 'string' },
    verbose: { type: 'boolean' },
  },
});
const began = Date.now();
const rows = Math.round(Number(values.scale) * ROWS_PER_GIGABYTE);
const cacheFolder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'kaggle-import');
const source = await benchmarkFile(join(cacheFolder, 'bench'), rows);
const words = values.only?.split(',') ?? [''];
const everyone = contenders(cacheFolder, process.env.PYTHON || 'python3');
// The yardstick always runs.
const chosen = everyone.filter(
  ({ name }, at) => at === 0 || words.some((word) => name.includes(word)),
);
const results = chosen.map((contender) => ({ ...contender, runs: [] }));
const scratch = await mkdtemp(join(tmpdir(), 'kaggle-import-bench-'));
try {
  warm(source);
  for (let run = 1; run <= Number(values.runs); run += 1) {
    if (run > 1 && Date.now() - began > 60_000 * Number(values.minutes ?? Infinity)) break;
    // In turn, so that a disturbance meets all of them.
    for (const result of results) {
      const measures = await runOnce(result, source, join(scratch, 'run'));
      result.runs.push(measures);
      console.error(`bench: run ${run}: ${result.name} ${measures.seconds.toFixed(2)} s`);
    }
  }
} finally {
  await rm(scratch, { recursive: true, force: true });
}

const summary = summarise(results);
console.log(table(summary));
const { json } = values;
if (json) {
  await mkdir(dirname(json), { recursive: true });
  const { size: sourceBytes } = await stat(source);
  const record = {
    measuredAt: new Date().toISOString(),
    machine: { ...machine(), loadAverage: loadavg().map((load) => Number(load.toFixed(1))) },
    source: { rows, columns: COLUMNS.length, bytes: sourceBytes },
    contenders: summary,
  };
  await writeFile(json, `${JSON.stringify(record, null, 2)}\n`);
  console.error(`bench: wrote ${json}`);
}
