/** `services`: Temporal, the catalog, the object store and Kaggle: reached or not, version, time taken. */
import { openCatalog } from '../catalog/index.js';
import type { Environment } from '../config/environment.js';
import { storageOptions } from '../config/storage.js';
import type { FailureSummary } from '../contract.js';
import { ImportError, type ErrorCode } from '../errors/index.js';
import { databaseUrl } from '../config/database.js';
import { openSources } from '../open-sources.js';
import { createObjectStore } from '../store/index.js';
import { temporalTarget, withClient } from '../temporal/connection.js';
import { within } from '../within.js';
import { commandEnvironment, type CommandContext } from './context.js';
import { textTable } from './text-table.js';
import { hasWorker } from './worker-presence.js';

/** A server that takes connections and says nothing must not keep a person waiting. */
const PATIENCE_MS = 15_000;

interface Probe {
  readonly service: string;
  readonly reached: boolean;
  /** Address and version when reached, else the code. */
  readonly detail: string;
  readonly milliseconds: number;
  readonly failure?: FailureSummary;
}

/** Throws SERVICES_UNREACHABLE after the table when any of them cannot be used. */
export async function services({ signal, result, width }: CommandContext): Promise<void> {
  const environment = await commandEnvironment();
  const probes = await within(PATIENCE_MS, signal, (patience) =>
    Promise.all([
      probe('Temporal', 'TEMPORAL_UNREACHABLE', patience, () => askTemporal(environment)),
      probe('catalog', 'DATABASE_UNREACHABLE', patience, () => askCatalog(environment, patience)),
      probe('object store', 'STORE_UNREACHABLE', patience, () => askStore(environment, patience)),
      probe('Kaggle', 'SOURCE_UNREACHABLE', patience, () => askKaggle(environment, patience)),
    ]),
  );
  const rows = probes.map(({ service, reached, detail, milliseconds }) => [
    service,
    reached ? 'reached' : 'NOT REACHED',
    `${milliseconds} ms`,
    detail,
  ]);
  const failures = probes.flatMap(({ service, failure }) =>
    failure
      ? [`${service}: ${failure.code}: ${failure.message}\n  Next step: ${failure.nextStep}`]
      : [],
  );
  const table = textTable(
    ['service', 'state', { head: 'took', drop: 1 }, { head: 'detail', wraps: true }],
    rows,
    width,
  );
  result({ services: probes }, [table, ...failures].join('\n'));
  const missing = probes.filter(({ reached }) => !reached).map(({ service }) => service);
  if (missing.length > 0)
    throw new ImportError('SERVICES_UNREACHABLE', { found: missing.join(', ') });
}

async function probe(
  service: string,
  silent: ErrorCode,
  patience: AbortSignal,
  ask: () => Promise<string>,
): Promise<Probe> {
  const started = performance.now();
  const milliseconds = (): number => Math.round(performance.now() - started);
  try {
    return { service, reached: true, detail: await ask(), milliseconds: milliseconds() };
  } catch (error) {
    if (!(error instanceof ImportError) && !patience.aborted) throw error;
    const found = `no answer in ${PATIENCE_MS / 1000} s`;
    const { code, message, nextStep } =
      error instanceof ImportError ? error : new ImportError(silent, { found });
    const failure = { code, message, nextStep };
    return { service, reached: false, detail: code, milliseconds: milliseconds(), failure };
  }
}

function askTemporal(environment: Environment): Promise<string> {
  return withClient(environment, async (client) => {
    const { address, namespace } = temporalTarget(environment);
    const { serverVersion } = await client.workflowService.getSystemInfo({});
    await client.workflowService.describeNamespace({ namespace });
    const worker = (await hasWorker(client, namespace)) ? 'a worker' : 'no worker: `make up`';
    return `${address}, namespace ${namespace}, server ${serverVersion}, ${worker}`;
  });
}

async function askCatalog(environment: Environment, signal: AbortSignal): Promise<string> {
  const catalog = openCatalog(databaseUrl(environment));
  try {
    const { version } = await catalog.ping(signal);
    const { host, pathname } = new URL(databaseUrl(environment));
    return `${host}${pathname}, PostgreSQL ${version}`;
  } finally {
    await catalog.close();
  }
}

async function askStore(environment: Environment, signal: AbortSignal): Promise<string> {
  const store = await createObjectStore(storageOptions(environment));
  try {
    const { version } = await store.ping(signal);
    return version === undefined ? store.description : `${store.description}, ${version}`;
  } finally {
    await store.close();
  }
}

async function askKaggle(environment: Environment, signal: AbortSignal): Promise<string> {
  const sources = openSources(environment, false);
  try {
    const { account, method } = await sources.checkAuth(undefined, { signal });
    return `${environment.KAGGLE_API_BASE}, ${account ?? 'anonymous'} by ${method}`;
  } finally {
    await sources.close();
  }
}
