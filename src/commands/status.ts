/** `status`: what runs now, how each dataset's last import ended, and the cache. */
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { openCatalog } from '../catalog/index.js';
import { configFile, type Environment } from '../config/environment.js';
import { loadDatasetsConfig } from '../config/load.js';
import { PROGRESS_QUERY, type ImportProgress } from '../contract.js';
import { cacheOf, databaseUrl, openSources } from '../resources.js';
import { withClient } from '../temporal/connection.js';
import { commandEnvironment, humanBytes, textTable, type CommandContext } from './context.js';
import { troubleOf } from './trouble.js';

const RUNNING = ['dataset', 'stage', 'tables', 'rows'];
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
/** For what a worker has to answer: without one, Temporal itself waits for long. */
const PATIENCE_MS = 5_000;

export async function status({ result }: CommandContext): Promise<void> {
  const environment = await commandEnvironment();
  const { running, silent, imports } = await withClient(environment, async (client) => {
    const runs = await runningRuns(client);
    const recent = await recentImports(environment);
    return { ...(await look(client, runs)), imports: await corrected(client, recent, runs) };
  });
  const cache = await cacheStatus(environment);
  const saved = `${cache.hits} hits, ${cache.misses} misses, ${humanBytes(cache.savedBytes)} not transferred again`;
  const isIdle = running.length + silent.length === 0;
  const parts = [
    isIdle
      ? 'No import is running.'
      : textTable(RUNNING, [
          ...running.map(({ dataset, stage, tablesStored, tables, rows }) => [
            dataset,
            stage,
            `${tablesStored}/${tables}`,
            rows,
          ]),
          ...silent.map((dataset) => [dataset, 'unknown', '-', '-']),
        ]),
    ...heldUp(running),
    ...(silent.length > 0
      ? [`No worker answers for ${silent.join(', ')}. \`make up\` starts one where none runs.`]
      : []),
    textTable(
      ENDED,
      imports.map((run) => [
        run.dataset,
        run.outcome,
        run.endedAt?.slice(0, 19).replace('T', ' '),
        run.durationMs === undefined ? '-' : (run.durationMs / 1000).toFixed(1),
        run.tables,
        run.rows,
        run.parquetBytes ? humanBytes(run.parquetBytes) : '-',
        run.transferredBytes ? humanBytes(run.transferredBytes) : '-',
        run.cacheHit === undefined ? '-' : run.cacheHit ? 'hit' : 'miss',
        run.errorCode,
      ]),
    ),
    `Cache: ${cache.entries} entries, ${humanBytes(cache.bytes)}; ${saved}.`,
  ];
  result({ running, silent, imports, cache }, parts.join('\n\n'));
}

interface RunningImport extends ImportProgress {
  /** The step that is repeated, and why. */
  readonly trouble?: string;
  readonly nextStep?: string;
}

interface Run {
  readonly workflowId: string;
  readonly runId: string;
}

async function runningRuns(client: Client): Promise<Run[]> {
  const found: Run[] = [];
  const query = `WorkflowType = 'importDataset' AND ExecutionStatus = 'Running'`;
  for await (const { workflowId, runId } of client.workflow.list({ query })) {
    found.push({ workflowId, runId });
  }
  return found;
}

/** What runs, and the datasets whose import runs while its worker is away or busy. */
async function look(
  client: Client,
  runs: readonly Run[],
): Promise<{ running: RunningImport[]; silent: string[] }> {
  const looks = await Promise.all(runs.map((run) => lookAt(client, run)));
  return {
    running: looks.flatMap((found) => found ?? []).filter(({ stage }) => stage !== 'done'),
    silent: runs.flatMap(({ workflowId }, index) =>
      looks[index] ? [] : [workflowId.replace(/^import:/, '')],
    ),
  };
}

/** Undefined when no worker answers. */
async function lookAt(
  client: Client,
  { workflowId, runId }: Run,
): Promise<RunningImport | undefined> {
  const handle = client.workflow.getHandle(workflowId, runId);
  const ask = (): Promise<ImportProgress> => handle.query<ImportProgress>(PROGRESS_QUERY);
  const [progress, trouble] = await Promise.all([
    client.withDeadline(Date.now() + PATIENCE_MS, ask).catch(() => undefined),
    troubleOf(handle),
  ]);
  if (!progress || !trouble) return progress;
  const { step, reason, nextStep } = trouble;
  const text = `${step}, because of ${reason}`;
  return { ...progress, trouble: text, ...(nextStep !== undefined && { nextStep }) };
}

/** Nobody could record the end of an import that was terminated. */
async function corrected<Recorded extends Run & { readonly outcome: string }>(
  client: Client,
  imports: readonly Recorded[],
  runs: readonly Run[],
): Promise<Array<Recorded | (Omit<Recorded, 'outcome'> & { outcome: 'terminated' })>> {
  return Promise.all(
    imports.map(async (one) => {
      if (one.outcome !== 'running' || runs.some(({ runId }) => runId === one.runId)) return one;
      // The list may lag behind an import that has only just begun.
      const status = await statusOf(client, one);
      const isRecorded = status === 'RUNNING' || status === 'COMPLETED';
      return isRecorded ? one : { ...one, outcome: 'terminated' as const };
    }),
  );
}

/** Undefined for a run that Temporal has forgotten. */
async function statusOf(client: Client, { workflowId, runId }: Run): Promise<string | undefined> {
  try {
    return (await client.workflow.getHandle(workflowId, runId).describe()).status.name;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

function heldUp(running: readonly RunningImport[]): string[] {
  const lines = running.flatMap(({ dataset, waitingFor, trouble, nextStep }) => {
    const reason = waitingFor === undefined ? trouble : `waiting: ${waitingFor}`;
    if (reason === undefined) return [];
    return [
      `${dataset}: ${reason}`,
      ...(nextStep === undefined ? [] : [`  Next step: ${nextStep}`]),
    ];
  });
  return lines.length === 0 ? [] : [lines.join('\n')];
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
