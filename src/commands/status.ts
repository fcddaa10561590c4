/** `status`: what runs now, how each dataset's last import ended, and the cache. */
import { openCatalog } from '../catalog/index.js';
import { configFile, type Environment } from '../config/environment.js';
import { loadDatasetsConfig } from '../config/load.js';
import { PROGRESS_QUERY, type ImportProgress } from '../contract.js';
import { cacheOf, databaseUrl, openSources } from '../resources.js';
import { withClient } from '../temporal-connection.js';
import { commandEnvironment, humanBytes, textTable, type CommandContext } from './context.js';
import { troubleOf } from './trouble.js';

const RUNNING = ['dataset', 'stage', 'tables', 'rows', 'held up by'];
const ENDED = [
  'dataset',
  'outcome',
  'ended (UTC)',
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
  const { running, runs } = await runningImports(environment);
  const imports = (await recentImports(environment)).map((run) =>
    // Nobody could record the end of an import that was terminated.
    run.outcome === 'running' && !runs.has(run.runId) ? { ...run, outcome: 'terminated' } : run,
  );
  const cache = await cacheStatus(environment);
  const saved = `${cache.hits} hits, ${cache.misses} misses, ${humanBytes(cache.savedBytes)} not transferred again`;
  const silent = runs.size - running.length;
  const parts = [
    running.length === 0
      ? `No import is running${silent > 0 ? `, or no worker answers for ${silent} of them` : ''}.`
      : textTable(
          RUNNING,
          running.map(({ dataset, stage, tablesStored, tables, rows, waitingFor, trouble }) => [
            dataset,
            stage,
            `${tablesStored}/${tables}`,
            rows,
            waitingFor ?? trouble,
          ]),
        ),
    textTable(
      ENDED,
      imports.map((run) => [
        run.dataset,
        run.outcome,
        run.endedAt?.slice(0, 19).replace('T', ' '),
        run.durationMs === undefined ? '-' : (run.durationMs / 1000).toFixed(1),
        run.tables,
        run.rows,
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

interface RunningImport extends ImportProgress {
  /** The step that is repeated, and why. */
  readonly trouble?: string;
}

interface Running {
  /** Of those that answered: a worker that is away or busy answers nothing. */
  readonly running: readonly RunningImport[];
  /** Run ids of all. */
  readonly runs: ReadonlySet<string>;
}

function runningImports(environment: Environment): Promise<Running> {
  return withClient(environment, async (client) => {
    const running: RunningImport[] = [];
    const runs = new Set<string>();
    const query = `WorkflowType = 'importDataset' AND ExecutionStatus = 'Running'`;
    for await (const { workflowId, runId } of client.workflow.list({ query })) {
      runs.add(runId);
      const handle = client.workflow.getHandle(workflowId, runId);
      const progress = await handle.query<ImportProgress>(PROGRESS_QUERY).catch(() => undefined);
      const trouble = await troubleOf(handle);
      if (progress && progress.stage !== 'done') {
        const text = trouble && `${trouble.step}, because of ${trouble.reason}`;
        running.push({ ...progress, ...(text !== undefined && { trouble: text }) });
      }
    }
    return { running, runs };
  });
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
    return await cacheOf(environment, settings, sources).status();
  } finally {
    await sources.close();
  }
}
