/**
 * Takes the records of whole nights on real servers: `node bench/nights.js batch|fleet|tables [--json FILE]`.
 * Sizes are given as variables, as bench/batch, bench/fleet and bench/tables read them; without any, those of the documents.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { machine } from './convert/report.js';

/** What the documents show: nights without changes, links that are the limit for a few workers on one machine, a dataset of many tables. */
const USUAL = {
  batch: { DATASETS: '100,1000,10000' },
  fleet: { DATASETS: '24', BYTES: '500000', LINK: '50000', WORKERS: '1,2,4,6' },
  tables: { TABLES: '100,1000,3000' },
};

const { values, positionals } = parseArgs({
  options: { json: { type: 'string' } },
  allowPositionals: true,
});
const [kind] = positionals;
if (!Object.hasOwn(USUAL, kind))
  throw new Error(`expected ${Object.keys(USUAL).join(', ')}, found ${kind}`);
const sizes = Object.fromEntries(
  Object.entries(USUAL[kind]).map(([name, usual]) => [name, process.env[name] ?? usual]),
);
const folder = mkdtempSync(join(tmpdir(), 'kaggle-import-bench-'));
const told = join(folder, 'nights.jsonl');
try {
  writeFileSync(told, '');
  const project = join(import.meta.dirname, '..');
  const vitest = join(project, 'node_modules', 'vitest', 'vitest.mjs');
  const { status } = spawnSync(
    process.execPath,
    [vitest, 'run', '--config', `vitest.${kind}.config.ts`],
    { cwd: project, env: { ...process.env, ...sizes, NIGHTS: told }, stdio: 'inherit' },
  );
  process.exitCode = status ?? 1;
  const nights = readFileSync(told, 'utf8').split('\n').filter(Boolean).map(JSON.parse);
  const record = {
    measuredAt: new Date().toISOString(),
    machine: { ...machine(), loadAverage: loadavg() },
    source: sizes,
    nights,
  };
  if (values.json && status === 0) {
    writeFileSync(values.json, `${JSON.stringify(record, null, 2)}\n`);
    console.error(`bench: wrote ${values.json}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
