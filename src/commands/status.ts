/** `status`: what runs now, how each dataset's last import ended, and the cache. */
import type { Client } from '@temporalio/client';
import { createCache } from '../cache/index.js';
import { openCatalog } from '../catalog/index.js';
import { configFile, type Environment } from '../config/environment.js';
import { loadDatasetsConfig } from '../config/load.js';
import { PROGRESS_QUERY, type ImportProgress } from '../contract.js';
import { databaseUrl, openSources } from '../resources.js';
import { withClient } from '../temporal-connection.js';
import { resolve } from 'node:path';
import { commandEnvironment, humanBytes, textTable, type CommandContext } from './context.js';

const RUNNING = ['dataset', 'stage', 'tables', 'rows', 'waiting for'];
const ENDED = [
  'dataset',
  'outcome',
  'ended',
  'seconds',
  'tables',
  'rows',
  'Parquet',
  'transferred',
  'cache',
  'error',
];
const RECENT = 20;

export async function status({ result }: CommandContext): Promise<void> {
  const environment = await commandEnvironment();
  const running = await runningImports(environment);
  const imports = await recentImports(environment);
  const cache = await cacheStatus(environment);
  const saved = `${cache.hits} hits, ${cache.misses} misses, ${humanBytes(cache.savedBytes)} not transferred again`;
  const parts = [
    running.length === 0
      ? 'No import is running.'
      : textTable(
          RUNNING,
          running.map(({ dataset, stage, tablesStored, tables, rows, waitingFor }) => [
            dataset,
            stage,
            `${tablesStored}/${tables}`,
            rows,
            waitingFor,
          ]),
        ),
    textTable(
      ENDED,
      imports.map((run) => [
        run.dataset,
        run.outcome ?? 'running',
        run.endedAt?.slice(0, 19).replace('T', ' ') ?? '-',
        run.durationMs === undefined ? '-' : (run.durationMs / 1000).toFixed(1),
        run.tables ?? '-',
        run.rows ?? '-',
        run.parquetBytes === undefined ? '-' : humanBytes(run.parquetBytes),
        run.transferredBytes === undefined ? '-' : humanBytes(run.transferredBytes),
        run.cacheHit === undefined ? '-' : run.cacheHit ? 'hit' : 'miss',
        run.errorCode,
      ]),
    ),
    `Cache: ${cache.entries} entries, ${humanBytes(cache.bytes)}; ${saved}.`,
  ];
  result({ running, imports, cache }, parts.join('\n\n'));
}

function runningImports(environment: Environment): Promise<ImportProgress[]> {
  return withClient(environment, progressOf);
}

async function progressOf(client: Client): Promise<ImportProgress[]> {
  const found: ImportProgress[] = [];
  const query = `WorkflowType = 'importDataset' AND ExecutionStatus = 'Running'`;
  for await (const { workflowId, runId } of client.workflow.list({ query })) {
    const handle = client.workflow.getHandle(workflowId, runId);
    // One that ended since, or whose worker is away, is left out: its end is in the catalog.
    const progress = await handle.query<ImportProgress>(PROGRESS_QUERY).catch(() => undefined);
    if (progress) found.push(progress);
  }
  return found;
}

async function recentImports(environment: Environment) {
  const catalog = openCatalog(databaseUrl(environment));
  try {
    return await catalog.recentImports(RECENT);
  } finally {
    await catalog.close();
  }
}

async function cacheStatus(environment: Environment) {
  const { settings } = await loadDatasetsConfig(configFile(environment));
  const sources = openSources(environment, settings.allow_private_addresses);
  try {
    return await createCache({
      directory: resolve(environment.CACHE_DIR),
      sources,
      durationDays: settings.cache_duration_days,
      maxBytes: settings.cache_max_size,
      parallelDownloads: settings.parallel_downloads,
    }).status();
  } finally {
    await sources.close();
  }
}
