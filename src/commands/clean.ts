/** `clean`: what imports left that no longer run (rows, objects, work folders), and expired cache; `--all` the whole cache. */
import { resolve } from 'node:path';
import { removeEndedWork } from '../activities/work-directory.js';
import type { FindRuns } from '../cache/index.js';
import { configFile } from '../config/environment.js';
import { loadDatasetsConfig } from '../config/load.js';
import { ImportError } from '../errors/index.js';
import { openSources } from '../open-sources.js';
import { cacheOf } from '../open-cache.js';
import { withClient } from '../temporal/connection.js';
import { findRuns } from '../temporal/runs.js';
import { humanBytes } from '../human.js';
import { commandEnvironment, type CommandContext } from './context.js';
import { tidyUp } from './tidy-up.js';

export async function clean(all: boolean, { signal, result, note }: CommandContext): Promise<void> {
  const environment = await commandEnvironment();
  const findThem: FindRuns = (runIds) =>
    withClient(environment, (client) => findRuns(client, runIds));
  const tidied = await tidyUp(environment, signal);
  const { settings } = await loadDatasetsConfig(configFile(environment));
  const sources = openSources(environment, settings.allow_private_addresses);
  try {
    const cache = cacheOf(environment, settings, sources);
    const folders = await cache
      .releaseEnded(findThem)
      .then(() => removeEndedWork(resolve(environment.WORK_DIR), findThem))
      .catch((error: unknown) => {
        if (!(error instanceof ImportError)) throw error;
        note(
          'Temporal does not answer, so it is unknown which imports run: their files are left alone.',
        );
        return 0;
      });
    const swept = all ? await cache.clear() : await cache.sweep({ signal });
    if (tidied.failure) {
      const { code, message } = tidied.failure;
      note(`Rows and objects of ended imports are left alone: ${code}: ${message}`);
    }
    const { closed = [], removedObjects = 0 } = tidied.answer ?? {};
    result(
      { endedImports: closed, removedObjects, workFolders: folders, ...swept },
      `Removed ${folders} work folders, ${removedObjects} objects of ended imports and ${swept.removedEntries} cache entries (${humanBytes(swept.freedBytes)}).`,
    );
  } finally {
    await sources.close();
  }
}
