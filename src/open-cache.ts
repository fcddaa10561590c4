/** The cache as the environment and the settings want it; apart from the other resources, for processes that need no others. */
import { resolve } from 'node:path';
import { createCache, type Cache } from './cache/index.js';
import type { CacheUse } from './cache/types.js';
import type { Settings } from './config/datasets.js';
import type { Environment } from './config/environment.js';
import type { Sources } from './source/index.js';

/** Holds nothing open. */
export function cacheOf(
  environment: Environment,
  settings: Settings,
  sources: Sources,
  onUse?: (use: CacheUse) => void,
): Cache {
  return createCache({
    directory: resolve(environment.CACHE_DIR),
    sources,
    durationDays: settings.cache_duration_days,
    maxBytes: settings.cache_max_size,
    parallelDownloads: settings.parallel_downloads,
    keepFreeBytes: environment.KEEP_DISK_FREE,
    onUse,
  });
}
