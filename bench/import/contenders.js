/** Who takes part: ours, the best short scripts, and the bare cost of each of their steps. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pythonEnvironment } from '../convert/contenders.js';
import { bareSteps } from './bare-steps.js';
import { withLongestBlock } from './event-loop.js';
import { treesOf } from './processes.js';
import { runProgram } from './run-program.js';

export function contenders(site) {
  const { kaggle, store, slugs } = site;
  const python = join(
    pythonEnvironment(site.cacheFolder, process.env.PYTHON || 'python3'),
    'bin',
    'python',
  );
  const scratch = join(site.folder, 'script');
  const script = (engine) => async (run) => {
    rmSync(scratch, { recursive: true, force: true });
    mkdirSync(scratch, { recursive: true });
    const { output, ...measures } = await runProgram(
      python,
      [join(import.meta.dirname, 'script.py'), engine, scratch, `${engine}-${run}`],
      { env: { ...site.env, BENCH: JSON.stringify({ kaggle, store, slugs }) } },
    );
    rmSync(scratch, { recursive: true, force: true });
    return { ...measures, ...JSON.parse(output) };
  };
  const watched = (work) => withLongestBlock(site.metricsPort, work);
  if (slugs.length > 1) {
    return [
      { name: 'script, duckdb', once: script('duckdb') },
      { name: 'kaggle-import', once: () => watched(() => batch(site, ['--force'])) },
      { name: 'a night without changes', once: () => watched(() => batch(site, [])) },
    ];
  }
  const ourselves = { name: 'kaggle-import', once: (run) => watched(() => ours(site, run)) };
  const download = { name: 'bare download, curl', once: () => bareDownload(site) };
  // Over a slow link, the download is what counts, and what everything is held against.
  if (site.source.linkBytesPerSecond) return [download, ourselves];
  return [
    { name: 'script, duckdb', once: script('duckdb') },
    ourselves,
    { name: 'script, polars', once: script('polars') },
    { name: 'bare steps', once: (run) => bareSteps(site, run) },
    download,
  ];
}

async function bareDownload(site) {
  const target = join(site.folder, 'curl.zip');
  const { output: _none, ...measures } = await runProgram(
    'curl',
    [...site.curl(), '-o', target],
    site,
  );
  rmSync(target);
  return measures;
}

/** All datasets; `--force` brings and converts all of them again. */
async function batch(site, options) {
  const worker = site.workerPid();
  const before = treesOf([worker]).cpuSeconds;
  const { cpuSeconds, output, ...measures } = await site.command(
    '--json',
    'import',
    '--all',
    ...options,
  );
  const { imports } = JSON.parse(output);
  return {
    ...measures,
    cpuSeconds: cpuSeconds + treesOf([worker]).cpuSeconds - before,
    stages: { 'milliseconds a dataset': (1000 * measures.seconds) / imports.length },
  };
}

/** From the command to its end, on a stack that runs; the cache is emptied before, which is not counted. */
export async function ours(site, run) {
  await site.command('clean', '--all');
  const name = site.names[run - 1];
  const worker = site.workerPid();
  const before = treesOf([worker]).cpuSeconds;
  const began = Date.now();
  const { cpuSeconds, output: _json, ...measures } = await site.command('--json', 'import', name);
  const [{ stage_ms: stageMs, started_at: startedAt, ended_at: endedAt, parquet_bytes: bytes }] =
    await site.query(`SELECT * FROM imports WHERE dataset_name = $1`, [name]);
  const [{ published_at: publishedAt }] = await site.query(
    `SELECT v.published_at FROM dataset_versions v JOIN datasets d ON d.current_version_id = v.id
     WHERE d.dataset_name = $1`,
    [name],
  );
  const stages = Object.fromEntries(
    Object.entries(stageMs).map(([stage, milliseconds]) => [stage, milliseconds / 1000]),
  );
  const workflow = (endedAt - startedAt) / 1000;
  return {
    ...measures,
    cpuSeconds: cpuSeconds + treesOf([worker]).cpuSeconds - before,
    publishedSeconds: (publishedAt - began) / 1000,
    parquetBytes: Number(bytes),
    stages: { ...stages, command: measures.seconds - workflow },
  };
}
