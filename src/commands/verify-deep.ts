/** What `verify --deep` needs beside the store: the cache of this host, its configuration, processes that convert. */
import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { configFile, type Environment } from '../config/environment.js';
import { loadDatasetsConfig } from '../config/load.js';
import { createBytesPool } from '../pool/index.js';
import { verifyDeep, type DeeplyVerified } from '../publication/verify-deep.js';
import type { Verified } from '../publication/verify-publication.js';
import type { Published } from '../published/index.js';
import { openSources } from '../open-sources.js';
import { cacheOf } from '../open-cache.js';

export async function withDeepLook<Result>(
  environment: Environment,
  published: Published,
  signal: AbortSignal,
  use: (look: (verified: Verified) => Promise<DeeplyVerified>) => Promise<Result>,
): Promise<Result> {
  const { settings, datasets } = await loadDatasetsConfig(configFile(environment));
  const sources = openSources(environment, settings.allow_private_addresses);
  const work = createBytesPool({
    ...{ environment: environment.all, settings, onEvent: () => undefined },
    // What a process says before its end stands in the error.
    log: pino({ level: 'silent' }),
    // Nothing is asked of Kaggle.
    pace: () => Promise.resolve(),
  });
  try {
    const cache = cacheOf(environment, settings, sources);
    const runId = randomUUID();
    return await use((verified) => {
      const entry = datasets.get(verified.dataset);
      return verifyDeep(verified, { ...published, cache, work, entry, settings, runId }, signal);
    });
  } finally {
    await work.close();
    await sources.close();
  }
}
