/** The place of a benchmark of imports: the Kaggle-compatible server, the embedded stack, and what is imported. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { chmod, mkdtemp } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { fetch } from 'undici';
import { freePort } from './event-loop.js';
import { INPUTS } from './inputs.js';
import { writeLargeArchive } from './large.js';
import { runProgram } from './run-program.js';

const PROJECT = join(import.meta.dirname, '..', '..');
/** The sample account of src/stack/kaggle-server/authentication.ts; it opens nothing but this server. */
const TOKEN = 'KGAT_0123456789abcdef0123456789abcdef';

/**
 * @param input the name of one of the inputs, or
 * @param large bytes of a table that comes from a folder, in an archive made for it
 */
export async function openSite({ input, scale = 1, large, linkBytesPerSecond }) {
  const cacheFolder = join(
    process.env.XDG_CACHE_HOME || join(homedir(), '.cache'),
    'kaggle-import',
  );
  const bench = join(cacheFolder, 'bench');
  const given = large ? { datasets: [], source: {} } : await INPUTS[input](bench, scale);
  // On the disk of the files, which are linked and not copied.
  mkdirSync(bench, { recursive: true });
  const folder = await mkdtemp(join(bench, 'site-'));
  const postgresFolder = await mkdtemp(join(tmpdir(), 'kaggle-import-bench-'));
  // The user of an embedded PostgreSQL must be able to enter.
  await chmod(postgresFolder, 0o711);
  const data = join(folder, 'data');
  mkdirSync(data);
  for (const { slug, files } of given.datasets) {
    const dataset = join(data, 'bench', slug);
    mkdirSync(dataset, { recursive: true });
    writeFileSync(join(dataset, 'dataset-metadata.json'), JSON.stringify({ title: slug }));
    for (const { name, path, text } of files) {
      if (path === undefined) writeFileSync(join(dataset, name), text);
      else linkSync(path, join(dataset, name));
    }
  }
  const slugs = given.datasets.map(({ slug }) => slug);
  const kaggle = await startKaggle(data);
  const config = join(folder, 'datasets.yaml');
  const inFolder = large && (await openFolder(join(folder, 'large'), large));
  /** The names that the datasets have in one run. */
  const configure = (run) => {
    const names = inFolder
      ? ['large']
      : slugs.map((slug) => `${slug.replace('-', '_')}_run_${run}`);
    const entries = names.map((name, at) =>
      inFolder
        ? `  ${name}: {source: {path: ${inFolder.folder}}}`
        : `  ${name}: {kaggle_ref: bench/${slugs[at]}}`,
    );
    const settings = ['config:', '  max_parallel: 8', 'datasets:'];
    writeFileSync(config, [...settings, ...entries, ''].join('\n'));
    return names;
  };
  configure(1);
  const metricsPort = await freePort();
  const env = {
    PATH: process.env.PATH,
    HOME: homedir(),
    STACK_DIR: join(postgresFolder, 'stack'),
    CACHE_DIR: join(folder, 'cache'),
    WORK_DIR: join(folder, 'work'),
    LOG_FILE: join(folder, 'kaggle_import.log'),
    KAGGLE_IMPORT_CONFIG: config,
    KAGGLE_API_BASE: kaggle.url,
    KAGGLE_API_TOKEN: TOKEN,
    DOWNLOADS_PER_SECOND: '1000',
    UV_THREADPOOL_SIZE: '8',
    METRICS_PORT: String(metricsPort),
  };
  const command = (...args) => {
    const beside = [readRecord(env.STACK_DIR)?.worker?.pid ?? []].flat();
    return runProgram(process.execPath, [join(PROJECT, 'dist', 'client.js'), ...args], {
      env,
      beside,
    });
  };
  const up = await command('--json', 'up').then(
    ({ output }) => JSON.parse(output),
    (error) => {
      // It would outlive this process, and hold its terminal.
      kaggle.process.kill();
      throw error;
    },
  );
  const secrets = JSON.parse(readFileSync(join(env.STACK_DIR, 'secrets.json'), 'utf8'));
  const database = new pg.Client({
    connectionString: `postgresql://postgres:${secrets.postgresPassword}@127.0.0.1:${up.services.postgres.port}/postgres`,
  });
  await database.connect();
  return {
    folder,
    cacheFolder,
    env,
    metricsPort,
    /** Each run imports what was never imported before. */
    configure,
    command,
    workerPid: () => readRecord(env.STACK_DIR).worker.pid,
    source: {
      ...given.source,
      ...(linkBytesPerSecond && { linkBytesPerSecond }),
      ...inFolder?.source,
    },
    kaggle: { url: kaggle.url, token: TOKEN },
    slugs,
    store: {
      endpoint: `127.0.0.1:${up.services.minio.port}`,
      accessKey: secrets.minioAccessKey,
      secretKey: secrets.minioSecretKey,
    },
    query: async (text, parameters) => (await database.query(text, parameters)).rows,
    /** The server packs an archive when it is first asked for it: no contender is to wait for that. */
    async warm() {
      if (slugs.length > 1) return;
      const archive = join(folder, 'archive.zip');
      await runProgram('curl', [...this.curl(), '-o', archive], { env });
      this.source.archiveBytes = statSync(archive).size;
      if (linkBytesPerSecond) {
        const fault = { kind: 'slow', bytesPerSecond: linkBytesPerSecond, times: 'always' };
        const url = new URL('/__faults', kaggle.url);
        await fetch(url, { method: 'POST', body: JSON.stringify(fault) });
      }
    },
    curl() {
      const url = `${kaggle.url}/v1/datasets.DatasetApiService/DownloadDataset`;
      const body = JSON.stringify({ ownerSlug: 'bench', datasetSlug: slugs[0] });
      const headers = [
        '-H',
        `Authorization: Bearer ${TOKEN}`,
        '-H',
        'Content-Type: application/json',
      ];
      // Redirected to a signed address, which takes no token and a GET.
      return ['-sS', '--fail', '--location', ...headers, '--data', body, url];
    },
    async close() {
      await database.end();
      await command('down');
      kaggle.process.kill();
      for (const one of [folder, postgresFolder]) rmSync(one, { recursive: true, force: true });
    },
  };
}

async function openFolder(folder, bytes) {
  mkdirSync(folder, { recursive: true });
  const source = await writeLargeArchive(folder, bytes);
  return { folder, source: { ...source, archiveBytes: statSync(join(folder, 'orders.zip')).size } };
}

function readRecord(stackDirectory) {
  try {
    return JSON.parse(readFileSync(join(stackDirectory, 'stack.json'), 'utf8'));
  } catch {
    return undefined;
  }
}

async function startKaggle(data) {
  const main = join(PROJECT, 'dist', 'stack', 'kaggle-server', 'main.js');
  const server = spawn(process.execPath, [main, '--port', '0', '--data', data], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(createInterface({ input: server.stdout }), 'line');
  return { process: server, url: line.replace('kaggle-server ready ', '') };
}
