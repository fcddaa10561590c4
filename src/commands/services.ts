/** `services`: Temporal, the catalog, the object store and Kaggle: reached or not, version, time taken. */
import { openCatalog } from '../catalog/index.js';
import type { Environment } from '../config/environment.js';
import { storageOptions } from '../config/storage.js';
import { ImportError } from '../errors/index.js';
import { databaseUrl, openSources } from '../resources.js';
import { createObjectStore } from '../store/index.js';
import { temporalTarget, withClient } from '../temporal-connection.js';
import { commandEnvironment, textTable, type CommandContext } from './context.js';

interface Probe {
  readonly service: string;
  readonly reached: boolean;
  /** Version when reached, else why not. */
  readonly detail: string;
  readonly milliseconds: number;
  readonly code?: string;
}

/** Throws SERVICES_UNREACHABLE after the table when any of them cannot be used. */
export async function services({ signal, result }: CommandContext): Promise<void> {
  const environment = await commandEnvironment();
  const probes = await Promise.all([
    probe('Temporal', () => askTemporal(environment)),
    probe('catalog', () => askCatalog(environment, signal)),
    probe('object store', () => askStore(environment, signal)),
    probe('Kaggle', () => askKaggle(environment, signal)),
  ]);
  const rows = probes.map(({ service, reached, detail, milliseconds }) => [
    service,
    reached ? 'reached' : 'NOT REACHED',
    `${milliseconds} ms`,
    detail,
  ]);
  result({ services: probes }, textTable(['service', 'state', 'took', 'detail'], rows));
  const missing = probes.filter(({ reached }) => !reached).map(({ service }) => service);
  if (missing.length > 0)
    throw new ImportError('SERVICES_UNREACHABLE', { found: missing.join(', ') });
}

async function probe(service: string, ask: () => Promise<string>): Promise<Probe> {
  const started = performance.now();
  const milliseconds = (): number => Math.round(performance.now() - started);
  try {
    return { service, reached: true, detail: await ask(), milliseconds: milliseconds() };
  } catch (error) {
    if (!(error instanceof ImportError)) throw error;
    const detail = `${error.code}: ${error.message}. ${error.nextStep}`;
    return { service, reached: false, detail, milliseconds: milliseconds(), code: error.code };
  }
}

function askTemporal(environment: Environment): Promise<string> {
  return withClient(environment, async ({ workflowService }) => {
    const { address, namespace } = temporalTarget(environment);
    const { serverVersion } = await workflowService.getSystemInfo({});
    await workflowService.describeNamespace({ namespace });
    return `${address}, namespace ${namespace}, server ${serverVersion}`;
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
  const store = createObjectStore(storageOptions(environment));
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
