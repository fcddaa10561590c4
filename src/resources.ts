/** Opens what the steps need, and closes it: last opened, first closed. */
import { resolve } from 'node:path';
import type { Cache } from './cache/index.js';
import { openCatalog, type Catalog } from './catalog/index.js';
import type { DatasetsConfig } from './config/datasets.js';
import { databaseUrl } from './config/database.js';
import { configFile, type Environment } from './config/environment.js';
import { createLastGood, type ConfigState } from './config/last-good.js';
import { createConfigReader } from './config/load.js';
import { receivers } from './config/notifications.js';
import { storageOptions } from './config/storage.js';
import type { Metrics } from './metrics.js';
import { createNotifier, type Notifier } from './notify/index.js';
import { cacheOf } from './open-cache.js';
import { networkOf, openSources } from './open-sources.js';
import { createHostRoom, type HostRoom } from './room/index.js';
import type { Sources } from './source/index.js';
import { createPace, type Pace } from './source/kaggle/pace.js';
import { createObjectStore, requireOwnBucket, type ObjectStore } from './store/index.js';

export interface Resources {
  readonly environment: Environment;
  /** Looked at for each import, so that a changed file counts from the next import on; a broken one does not. */
  readonly loadConfig: () => Promise<DatasetsConfig>;
  /** Of the last look. */
  readonly configState: () => ConfigState | undefined;
  /** Of a worker. */
  readonly metrics?: Metrics | undefined;
  readonly sources: Sources;
  /** Of the calls to Kaggle, for all processes of this worker. */
  readonly pace: Pace;
  readonly cache: Cache;
  readonly room: HostRoom;
  readonly store: ObjectStore;
  readonly catalog: Catalog;
  /** Before anything is read or written there; asks once. Throws STORE_OF_ANOTHER_CATALOG. */
  readonly requireOwnBucket: (signal: AbortSignal) => Promise<void>;
  readonly notifier: Notifier;
  /** Absolute. */
  readonly workRoot: string;
  close(): Promise<void>;
}

/**
 * Connects lazily: nothing here needs a service to be up. Throws on a bad configuration; one that breaks later is
 * told to `onConfig`.
 */
export async function openResources(
  environment: Environment,
  metrics?: Metrics,
  onConfig: (state: ConfigState) => void = () => undefined,
): Promise<Resources> {
  let configState: ConfigState | undefined;
  const loadConfig = createLastGood(createConfigReader(configFile(environment)), (state) => {
    configState = state;
    metrics?.config(state);
    onConfig(state);
  });
  const { settings } = await loadConfig();
  const pace = createPace(environment.DOWNLOADS_PER_SECOND);
  const sources = openSources(environment, settings.allow_private_addresses, {
    onRequest: metrics?.request,
    pace,
  });
  const store = await createObjectStore(storageOptions(environment));
  const catalog = openCatalog(databaseUrl(environment));
  const cache = cacheOf(environment, settings, sources, metrics?.cacheUse);
  const notifier = createNotifier({
    ...receivers(environment),
    ...networkOf(environment),
  });
  return {
    environment,
    loadConfig,
    configState: () => configState,
    metrics,
    sources,
    pace,
    cache,
    room: hostRoomOf(environment, (bytes, signal) => cache.evict(bytes, signal)),
    store,
    catalog,
    requireOwnBucket: once(async (signal) => requireOwnBucket(store, await catalog.id(), signal)),
    notifier,
    workRoot: resolve(environment.WORK_DIR),
    async close() {
      await notifier.close();
      await catalog.close();
      await store.close();
      await sources.close();
    },
  };
}

/** What has succeeded is not done again. */
function once(
  work: (signal: AbortSignal) => Promise<void>,
): (signal: AbortSignal) => Promise<void> {
  let isDone = false;
  return async (signal) => {
    if (isDone) return;
    await work(signal);
    isDone = true;
  };
}

/** What steps of this host may take of it; holds nothing open. */
export function hostRoomOf(environment: Environment, evict: Cache['evict']): HostRoom {
  const { CACHE_DIR, WORK_DIR, KEEP_DISK_FREE, KEEP_MEMORY_FREE } = environment;
  return createHostRoom({
    cacheDirectory: resolve(CACHE_DIR),
    workRoot: resolve(WORK_DIR),
    keepFree: { diskBytes: KEEP_DISK_FREE, memoryBytes: KEEP_MEMORY_FREE },
    evict,
  });
}
