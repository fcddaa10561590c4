/** Tells people that a worker cannot start: whom, the environment knows, and not the configuration that is broken. */
import { openCatalog } from './catalog/index.js';
import { databaseUrl } from './config/database.js';
import type { Environment } from './config/environment.js';
import { receivers } from './config/notifications.js';
import { ImportError, type ErrorCode } from './errors/index.js';
import type { Logger } from './log.js';
import { alertForConfigAtStart, createNotifier } from './notify/index.js';
import { networkOf } from './open-sources.js';
import { createTelling } from './telling/index.js';
import { withClient } from './temporal/connection.js';
import { runsOf } from './temporal/run-ends.js';
import { within } from './within.js';

/** Whoever starts the worker again has waited for its end. */
const PATIENCE_MS = 30_000;

const OF_CONFIG: readonly ErrorCode[] = ['CONFIG_INVALID', 'CONFIG_NOT_FOUND'];

/**
 * Of any other error nothing. Once a day, however often the worker is started: the catalog knows. Never throws; what
 * is away then, keeps people from being told until the next start.
 */
export async function tellOfConfigAtStart(
  environment: Environment,
  error: unknown,
  log: Logger,
): Promise<void> {
  if (!(error instanceof ImportError) || !OF_CONFIG.includes(error.code)) return;
  const alert = alertForConfigAtStart(`${error.code}: ${error.message}`);
  try {
    const notifier = createNotifier({ ...receivers(environment), ...networkOf(environment) });
    const catalog = openCatalog(databaseUrl(environment));
    const { signal } = new AbortController();
    try {
      await within(PATIENCE_MS, signal, async (patience) => {
        const { namespaceId } = await withClient(environment, runsOf, patience);
        const telling = createTelling({ catalog, notifier, namespaceId, log });
        await telling.tell({ alert }, patience).finally(() => telling.close());
      });
    } finally {
      await notifier.close();
      await catalog.close();
    }
  } catch (failure) {
    log.warn({ error: failure }, 'nobody could be told that this worker cannot start');
  }
}
