/** Nights of several workers on one machine: how many datasets an hour, and that kills lose nothing. */
import { cpus, loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { expect, test } from 'vitest';
import { IMPORT_ALL_WORKFLOW_ID, TASK_QUEUES } from '../../src/contract.js';
import type { importAll } from '../../src/workflows/index.js';
import { eventually } from '../../test/helpers/eventually.js';
import { diceOf, type Dice } from '../../test/helpers/hostile-server.js';
import { ImportSite } from '../../test/helpers/import-site.js';
import { noiseBytes } from '../../test/helpers/noise-bytes.js';
import { parquetRows } from '../../test/helpers/parquet-rows.js';
import type { WorkerProcess } from '../../test/helpers/worker-process.js';
import { tellNight } from '../tell-night.js';
import { startSlowLink, type SlowLink } from './slow-link.js';

const number = (name: string, usual: number): number => Number(process.env[name] ?? usual);
const DATASETS = number('DATASETS', 600);
const WORKERS = (process.env['WORKERS'] ?? '1,2,4,6').split(',').map(Number);
/** Of each host, towards the sources. */
const LINK_BYTES_PER_SECOND = number('LINK', 500_000);
/** Of each dataset, packed: text that does not compress. */
const DATASET_BYTES = number('BYTES', 500_000);
/** Seconds between two ends of workers, by kill -9 or SIGTERM; none: a night without. */
const KILL_EVERY_SECONDS = number('KILLS', 0);
const LINE_BYTES = 1_000;

/** `id,noise`: base64 packs to three quarters of it. */
function csv(name: string): string {
  const lines = Math.ceil(DATASET_BYTES / LINE_BYTES);
  const noise = noiseBytes(lines * LINE_BYTES, name);
  const rows = Array.from({ length: lines }, (_none, line) => {
    const text = noise.subarray(line * LINE_BYTES, (line + 1) * LINE_BYTES).toString('base64');
    return `${line},${text}`;
  });
  return `id,noise\n${rows.join('\n')}\n`;
}

class Host {
  kills = 0;
  stops = 0;
  #worker: WorkerProcess | undefined;

  constructor(
    readonly name: string,
    readonly link: SlowLink,
    private readonly site: ImportSite,
  ) {}

  async start(): Promise<void> {
    this.#worker = await this.site.startWorker(this.name, {
      ...{ HTTP_PROXY: this.link.url, NO_PROXY: this.site.gate.endpoint },
      DOWNLOADS_PER_SECOND: '10000',
    });
  }

  /** Ends it as a machine does, or as a rolling update; another one comes after a while. */
  async replace(dice: Dice): Promise<void> {
    if (dice(2) === 0) {
      this.kills += 1;
      await this.#worker?.kill();
    } else {
      this.stops += 1;
      expect(await this.#worker?.stop()).toBe(0);
    }
    await sleep(dice(10_000));
    await this.start();
  }
}

test.each(WORKERS)(`${DATASETS} datasets by %i workers`, async (workers) => {
  const names = Array.from({ length: DATASETS }, (_none, index) => `set-${index + 1}`);
  const sources = new Map(names.map((name) => [name, csv(name)]));
  const site = await ImportSite.open({
    datasets: Object.fromEntries(names.map((name) => [name, { 'table.csv': sources.get(name)! }])),
    settings: { max_parallel: 4, host_lost_after_minutes: 0.5 },
  });
  const links: SlowLink[] = [];
  const over = new AbortController();
  try {
    const hosts = await Promise.all(
      Array.from({ length: workers }, async (_none, index) => {
        const link = await startSlowLink(LINK_BYTES_PER_SECOND);
        links.push(link);
        return new Host(`host-${index + 1}`, link, site);
      }),
    );
    await Promise.all(hosts.map((host) => host.start()));
    const began = performance.now();
    const handle = await site.namespace.client.workflow.start<typeof importAll>('importAll', {
      ...{ taskQueue: TASK_QUEUES.control, workflowId: IMPORT_ALL_WORKFLOW_ID, args: [{}] },
    });
    const killing = killNowAndThen(hosts, diceOf(number('SEED', 1)), over.signal);
    const counting = mostConnections(site.databaseUrl, over.signal);
    const { counts } = await handle.result();
    const seconds = (performance.now() - began) / 1000;
    over.abort();
    await killing;
    const connections = await counting;
    const violations = await violationsIn(site, sources);
    const received = links.reduce((sum, link) => sum + link.received(), 0);
    tellNight({
      ...{ workers, datasets: DATASETS, counts },
      kills: hosts.reduce((sum, host) => sum + host.kills, 0),
      stops: hosts.reduce((sum, host) => sum + host.stops, 0),
      ...{ connections, violations: violations.length },
      seconds: Math.round(seconds),
      datasetsPerMinute: Math.round((600 * DATASETS) / seconds) / 10,
      kilobytesPerSecond: Math.round(received / seconds / 1000),
      ofTheLinks: `${Math.round((100 * received) / seconds / LINK_BYTES_PER_SECOND / workers)} %`,
      megabytesOverTheLinks: Math.round(received / 1e6),
      ...{ load: Math.round(loadavg()[0]!), cores: cpus().length },
    });
    expect(counts).toEqual({ published: DATASETS });
    expect(violations).toEqual([]);
  } finally {
    over.abort();
    await site.close();
    await Promise.all(links.map((link) => link.close()));
  }
});

async function killNowAndThen(
  hosts: readonly Host[],
  dice: Dice,
  signal: AbortSignal,
): Promise<void> {
  while (KILL_EVERY_SECONDS > 0 && !signal.aborted) {
    const ms = 500 * KILL_EVERY_SECONDS + dice(1_000 * KILL_EVERY_SECONDS);
    await sleep(ms, undefined, { signal }).catch(() => undefined);
    if (!signal.aborted) await hosts[dice(hosts.length)]!.replace(dice);
  }
}

/** Of all workers to their database at once, at any second of the night. */
async function mostConnections(url: string, signal: AbortSignal): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  let most = 0;
  while (!signal.aborted) {
    const { rows } = await client.query<{ now: number }>(CONNECTIONS);
    most = Math.max(most, rows[0]!.now);
    await sleep(1_000, undefined, { signal }).catch(() => undefined);
  }
  await client.end();
  return most;
}

const CONNECTIONS = `SELECT count(*)::int AS now FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid()`;

/** Each dataset is there once, with every cell of its source as a reader of its own finds them: what is otherwise. */
async function violationsIn(
  site: ImportSite,
  sources: ReadonlyMap<string, string>,
): Promise<string[]> {
  const found: string[] = [];
  const versions = await site.query('SELECT FROM dataset_versions');
  if (versions.length !== sources.size) found.push(`${versions.length} versions`);
  const tables = await site.query<{ name: string; key: string }>(
    `SELECT d.dataset_name AS name, f.parts #>> '{0,key}' AS key
     FROM datasets d JOIN dataset_files f ON f.version_id = d.current_version_id
     WHERE f.logical_role = 'table'`,
  );
  if (tables.length !== sources.size) found.push(`${tables.length} tables`);
  for (const { name, key } of tables) {
    const bytes = await site.readBytes(key);
    const rows = await parquetRows(new Uint8Array(bytes).buffer);
    const lines = rows.map(([id, noise]) => `${String(id)},${String(noise)}`);
    if (`id,noise\n${lines.join('\n')}\n` !== sources.get(name)) found.push(name);
  }
  // Its lists lag behind the last ends.
  const open = `ExecutionStatus = 'Running'`;
  await eventually(
    'that nothing runs',
    async () => (await site.namespace.client.workflow.count(open)).count === 0,
  );
  return found;
}
