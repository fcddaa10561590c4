/** Lets expired downloads go by themselves, also on a host whose datasets do not change. */
import type { Cache, FindRuns } from './cache/index.js';
import type { Logger } from './log.js';
import { regularly } from './regularly.js';

const EVERY_MS = 3_600_000;

/**
 * Sweeps now and every hour. The answer ends it, and resolves when nothing of it runs any more.
 * @param findRuns - asks Temporal, so that entries go that only ended runs have held
 */
export function sweepRegularly(cache: Cache, findRuns: FindRuns, log: Logger): () => Promise<void> {
  return regularly(EVERY_MS, async (signal) => {
    try {
      // Without an answer all leases stand: the cache keeps more than it has to, until the next time.
      await cache
        .releaseEnded(findRuns)
        .catch((error: unknown) => log.warn({ error }, 'it is unknown which imports still run'));
      const { removedEntries, freedBytes } = await cache.sweep({ signal });
      if (removedEntries > 0) log.info({ removedEntries, freedBytes }, 'removed expired downloads');
    } catch (error) {
      // The next import that needs the disk will say what is wrong with it.
      if (!signal.aborted) log.warn({ error }, 'the cache could not be swept');
    }
  });
}
