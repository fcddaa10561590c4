/** `import`: one dataset, the small ones or all; ends with their outcome. Ctrl-C detaches. */
import type { Client } from '@temporalio/client';
import { configFile, readEnvironment, type Environment } from '../config/environment.js';
import { findDataset, loadDatasetsConfig } from '../config/load.js';
import { importWorkflowId, type ImportResult } from '../contract.js';
import { ImportError } from '../errors/index.js';
import { openSources } from '../resources.js';
import { connectClient, temporalTarget } from '../temporal-connection.js';
import { commandEnvironment, type CommandContext } from './context.js';
import { ensureStack } from './ensure-stack.js';
import { followAll, followDataset, requireWorker } from './follow.js';
import { importSummary } from './summary.js';

export interface ImportOptions {
  /** A name from the configuration; absent: all of them. */
  readonly dataset?: string;
  readonly small?: boolean;
  readonly force?: boolean;
  /** Cancels the dataset's running import instead of starting one. */
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
  } finally {
    await sources.close();
  }
  const imports = await runImports(await withServices(before, context), options, context);
  context.result({ imports }, importSummary(imports));
  throwIfAnyFailed(imports);
}

export async function runImports(
  environment: Environment,
  { dataset, small = false, force = false }: ImportOptions,
  context: CommandContext,
): Promise<readonly ImportResult[]> {
  return withClient(environment, async (client) => {
    await requireWorker(client, temporalTarget(environment).namespace);
    if (dataset !== undefined) return [await followDataset(client, dataset, force, context)];
    return followAll(client, { ...(small && { small }), ...(force && { force }) }, context);
  });
}

/** The summary has said why; this gives the exit code. */
export function throwIfAnyFailed(imports: readonly ImportResult[]): void {
  const broken = imports.filter(({ outcome }) => outcome === 'failed' || outcome === 'cancelled');
  if (broken.length === 0) return;
  throw new ImportError('IMPORTS_FAILED', {
    found: broken.map(({ dataset, outcome }) => `${dataset} ${outcome}`).join(', '),
  });
}

async function cancelImport(
  environment: Environment,
  dataset: string | undefined,
  { result }: CommandContext,
): Promise<void> {
  if (dataset === undefined)
    throw new ImportError('USAGE', { expected: 'a dataset with --cancel' });
  await withClient(environment, async (client) => {
    await client.workflow.getHandle(importWorkflowId(dataset)).cancel();
  });
  result(
    { dataset, cancelled: true },
    `Asked the import of ${dataset} to stop; \`make status\` shows it.`,
  );
}

/** Everything named by variables: the worker is elsewhere. Else: the embedded stack, with a worker. */
async function withServices(before: Environment, context: CommandContext): Promise<Environment> {
  const own = readEnvironment();
  const elsewhere = own.TEMPORAL_ADDRESS !== undefined && own.DATABASE_URL !== undefined;
  return elsewhere ? before : (await ensureStack('fallback', context)).environment;
}

async function withClient<Result>(
  environment: Environment,
  use: (client: Client) => Promise<Result>,
): Promise<Result> {
  const client = await connectClient(environment);
  try {
    return await use(client);
  } finally {
    await client.connection.close();
  }
}
