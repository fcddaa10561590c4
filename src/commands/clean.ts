/** `clean`: work folders of imports that no longer run, and expired cache; `--all` the whole cache. */
import { readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createCache } from '../cache/index.js';
import { configFile, type Environment } from '../config/environment.js';
import { loadDatasetsConfig } from '../config/load.js';
import { openSources } from '../resources.js';
import { connectClient } from '../temporal-connection.js';
import { commandEnvironment, humanBytes, type CommandContext } from './context.js';

export async function clean(all: boolean, { signal, result, note }: CommandContext): Promise<void> {
  const environment = await commandEnvironment();
  const running = await runningRuns(environment, note);
  const folders =
    running === undefined ? 0 : await removeWork(resolve(environment.WORK_DIR), running);
  const { settings } = await loadDatasetsConfig(configFile(environment));
  const sources = openSources(environment, settings.allow_private_addresses);
  const cache = createCache({
    directory: resolve(environment.CACHE_DIR),
    sources,
    durationDays: settings.cache_duration_days,
    maxBytes: settings.cache_max_size,
    parallelDownloads: settings.parallel_downloads,
  });
  const swept = all ? await cache.clear() : await cache.sweep({ signal });
  await sources.close();
  result(
    { workFolders: folders, ...swept },
    `Removed ${folders} work folders and ${swept.removedEntries} cache entries (${humanBytes(swept.freedBytes)}).`,
  );
}

/** Run ids that may have files. Without Temporal nobody can say, and no work folder is touched. */
async function runningRuns(
  environment: Environment,
  note: CommandContext['note'],
): Promise<Set<string> | undefined> {
  try {
    const client = await connectClient(environment);
    try {
      const runs = new Set<string>();
      for await (const { runId } of client.workflow.list({
        query: `ExecutionStatus = 'Running'`,
      })) {
        runs.add(runId);
      }
      return runs;
    } finally {
      await client.connection.close();
    }
  } catch {
    note(
      'Temporal does not answer, so it is unknown which imports run: work folders are left alone.',
    );
    return undefined;
  }
}

/** Work folders are `<root>/<dataset>/<runId>`. Gives how many were removed. */
async function removeWork(root: string, running: ReadonlySet<string>): Promise<number> {
  let removed = 0;
  for (const dataset of await entriesOf(root)) {
    for (const runId of await entriesOf(join(root, dataset))) {
      if (running.has(runId)) continue;
      await rm(join(root, dataset, runId), { recursive: true, force: true });
      removed += 1;
    }
  }
  return removed;
}

async function entriesOf(directory: string): Promise<string[]> {
  return readdir(directory).catch(() => []);
}
