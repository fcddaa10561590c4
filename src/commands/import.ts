/** `import`: one dataset, the small ones or all; ends with their outcome. Ctrl-C detaches. */
import type { Client } from '@temporalio/client';
import { configFile, readEnvironment, type Environment } from '../config/environment.js';
import { findDataset, loadDatasetsConfig } from '../config/load.js';
import { importWorkflowId, type ImportResult } from '../contract.js';
import { ImportError } from '../errors/index.js';
import { CREDENTIAL_CODES } from '../errors/waits.js';
import { openSources } from '../open-sources.js';
import { temporalTarget, withClient } from '../temporal/connection.js';
import { withCatalog } from './asked.js';
import { batchResults } from './batch-results.js';
import { commandEnvironment, stackDirectory, type CommandContext } from './context.js';
import { ensureStack } from './ensure-stack.js';
import { followAll, followDataset } from './follow.js';
import { watchWorker } from './shared-worker.js';
import {
  batchName,
  importsOfBatches,
  runningBatches,
  stillRunning,
  type RunningBatch,
} from './running-batches.js';
import { importSummary } from './summary.js';
import { requireWorker } from './worker-presence.js';

const MAX_NAMES = 10;

export interface ImportOptions {
  /** A name from the configuration; absent: all of them. */
  readonly dataset?: string;
  readonly small?: boolean;
  readonly force?: boolean;
  /** Cancels what runs instead of starting it. */
  readonly cancel?: boolean;
}

/** Throws before anything starts when the configuration or the credentials cannot work. */
export async function runImport(options: ImportOptions, context: CommandContext): Promise<void> {
  const before = await commandEnvironment();
  const config = await loadDatasetsConfig(configFile(before));
  const named = options.dataset === undefined ? undefined : findDataset(config, options.dataset);
  if (options.cancel) return cancelImport(before, named?.name, context);

  const fromKaggle = [...config.datasets.values()].find(({ source }) => source === undefined);
  const entry = named ?? fromKaggle;
  const sources = openSources(before, config.settings.allow_private_addresses);
  try {
    if (entry) (await sources.checkAuth(entry, context)).warnings.forEach(context.note);
  } catch (error) {
    // What needs no credentials of Kaggle is imported all the same.
    const others = [...config.datasets.values()].some(({ source }) => source !== undefined);
    const isRefused = error instanceof ImportError && CREDENTIAL_CODES.includes(error.code);
    if (named || !others || !isRefused) throw error;
    context.note(`${error.code}: ${error.message}`);
  } finally {
    await sources.close();
  }
  const imports = await runImports(await withServices(before, context), options, context);
  context.result({ imports }, importSummary(imports, context.width));
  throwIfAnyFailed(imports);
}

export async function runImports(
  environment: Environment,
  { dataset, small = false, force = false }: ImportOptions,
  context: CommandContext,
): Promise<readonly ImportResult[]> {
  return withClient(environment, async (client) => {
    await requireWorker(client, temporalTarget(environment).namespace, context);
    const endWatch = watchWorker(stackDirectory(environment), context.note);
    try {
      if (dataset !== undefined) return [await followDataset(client, dataset, force, context)];
      const input = { ...(small && { small }), ...(force && { force }) };
      const batchId = await followAll(client, input, context);
      return await withCatalog(environment, (catalog) => batchResults(catalog, batchId));
    } finally {
      endWatch();
    }
  });
}

/** The summary has said why; this gives the exit code. An import that somebody has cancelled has not failed. */
export function throwIfAnyFailed(imports: readonly ImportResult[]): void {
  const broken = imports.filter(({ outcome }) => outcome === 'failed' || outcome === 'cancelled');
  if (broken.length === 0) return;
  const found = broken.map(({ dataset, outcome }) => `${dataset} ${outcome}`).join(', ');
  const hasFailed = broken.some(({ outcome }) => outcome === 'failed');
  throw new ImportError(hasFailed ? 'IMPORTS_FAILED' : 'CANCELLED', { found });
}

/** Of the dataset, or of every batch, whoever started it, with the imports that it left to themselves. */
async function cancelImport(
  environment: Environment,
  dataset: string | undefined,
  { result }: CommandContext,
): Promise<void> {
  const cancelled = await withClient(environment, async (client) => {
    const runs =
      dataset === undefined
        ? await runsOfBatches(client)
        : await stillRunning(client, importWorkflowId(dataset));
    for (const { workflowId } of runs) await client.workflow.getHandle(workflowId).cancel();
    return runs;
  });
  const what = dataset === undefined ? 'all datasets' : dataset;
  const which = dataset === undefined ? ` (${namesOf(cancelled)})` : '';
  result(
    {
      workflowIds: cancelled.map(({ workflowId }) => workflowId),
      cancelled: cancelled.length > 0,
    },
    cancelled.length > 0
      ? `Asked the import of ${what} to stop${which}; \`make status\` shows it.`
      : `No import of ${what} is running.`,
  );
}

/** Batches before their imports: none begins another one meanwhile. */
async function runsOfBatches(client: Client): Promise<RunningBatch[]> {
  return [...(await runningBatches(client)), ...(await importsOfBatches(client))];
}

function namesOf(runs: readonly RunningBatch[]): string {
  const names = runs.slice(0, MAX_NAMES).map(batchName).join(', ');
  return runs.length > MAX_NAMES ? `${names} and ${runs.length - MAX_NAMES} more` : names;
}

/** Everything named by variables: the worker is elsewhere. Else: the embedded stack, with a worker. */
async function withServices(before: Environment, context: CommandContext): Promise<Environment> {
  const own = readEnvironment();
  const elsewhere = own.TEMPORAL_ADDRESS !== undefined && own.DATABASE_URL !== undefined;
  return elsewhere ? before : (await ensureStack({ samples: 'fallback' }, context)).environment;
}
