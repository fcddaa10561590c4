/** Who takes part: ours, the best short scripts, and the bare cost of each of their steps. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pythonEnvironment } from '../convert/contenders.js';
import { bareSteps } from './bare-steps.js';
import { withLongestBlock } from './event-loop.js';
import { treesOf } from './processes.js';
import { runProgram } from './run-program.js';

const FEW = 50;

export function contenders(site) {
  const { kaggle, store, slugs } = site;
  const python = join(
    pythonEnvironment(site.cacheFolder, process.env.PYTHON || 'python3'),
    'bin',
    'python',
  );
  const scratch = join(site.folder, 'script');
  /** One of the scripts beside this file: it prints its stages and what it has stored. */
  const script = (file, engine) => async (run) => {
    rmSync(scratch, { recursive: true, force: true });
    mkdirSync(scratch, { recursive: true });
    const { output, ...measures } = await runProgram(
      python,
      [join(import.meta.dirname, file), engine, scratch, `${engine}-${run}`],
      {
        env: {
          ...{ ...site.env, PYTHONDONTWRITEBYTECODE: '1' },
          BENCH: JSON.stringify({ kaggle, store, slugs }),
        },
      },
    );
    rmSync(scratch, { recursive: true, force: true });
    return { ...measures, ...JSON.parse(output) };
  };
  const watched = (work) => withLongestBlock(site.metricsPort, work);
  const scripts = {
    duckdb: { name: 'script, duckdb', once: script('script.py', 'duckdb') },
    polars: { name: 'script, polars', once: script('script.py', 'polars') },
    old: { name: 'kaggle CLI, pandas twice, pyarrow', once: script('script.py', 'old') },
    dlt: { name: 'dlt', once: script('dlt_to_s3.py', 'dlt') },
  };
  if (slugs.length > 1) {
    return [
      scripts.duckdb,
      { name: 'kaggle-import', once: (run) => watched(() => batch(site, run)) },
      // A process of the command line for each, and a pipeline for each: minutes for hundreds of datasets.
      ...(slugs.length <= FEW ? [scripts.old, scripts.dlt] : []),
      { name: 'a night without changes', once: (run) => watched(() => night(site, run)) },
    ];
  }
  const ourselves = { name: 'kaggle-import', once: (run) => watched(() => ours(site, run)) };
  const download = { name: 'bare download, curl', once: () => bareDownload(site) };
  // Over a slow link, the download is what counts, and what everything is held against.
  if (site.source.linkBytesPerSecond) return [download, ourselves];
  return [
    scripts.duckdb,
    ourselves,
    ...[scripts.polars, scripts.old, scripts.dlt],
    // Of one file: what each step costs at least.
    ...(site.source.of
      ? []
      : [{ name: 'bare steps', once: (run) => bareSteps(site, run) }, download]),
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

/** All datasets, none of them ever imported; the cache is emptied before, which is not counted. */
async function batch(site, run) {
  await site.command('clean', '--all');
  site.configure(run);
  return importAll(site);
}

/** The same ones once more. */
async function night(site, run) {
  site.configure(run);
  return importAll(site);
}

async function importAll(site) {
  const worker = site.workerPid();
  const before = treesOf([worker]).cpuSeconds;
  const {
    cpuSeconds,
    output: _json,
    ...measures
  } = await site.command('--json', 'import', '--all');
  return { ...measures, cpuSeconds: cpuSeconds + treesOf([worker]).cpuSeconds - before };
}

/** From the command to its end, on a stack that runs; the cache is emptied before, which is not counted. */
export async function ours(site, run) {
  await site.command('clean', '--all');
  const [name] = site.configure(run);
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
