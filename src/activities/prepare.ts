/** Before anything is transferred: the configuration entry, the credentials, the pinned version. */
import { configDigest, tableDigest } from '../config/digest.js';
import type { DatasetEntry, DatasetsConfig, Settings } from '../config/datasets.js';
import { findDataset } from '../config/load.js';
import { selected, type Selection } from '../config/selection.js';
import { ImportError } from '../errors/index.js';
import { standingOf, type Standing } from '../publication/standing.js';
import type { Resources } from '../resources.js';
import type { Identity, PinnedSource } from '../source/types.js';
import { activity } from './step.js';

export interface ImportPlan {
  readonly entry: DatasetEntry;
  readonly settings: Settings;
  /** Of the whole entry: decides `up-to-date`. */
  readonly configDigest: string;
  /** Of what shapes a table: decides whether an unchanged file is carried over. */
  readonly tableDigest: string;
}

export interface ResolvedSource extends Standing {
  readonly pin: PinnedSource;
}

export function prepareActivities(resources: Resources) {
  const { loadConfig, sources } = resources;
  return {
    /** Reads the entry once, so that the whole import works from one state of the file. */
    readEntry: activity(async ({ dataset }: { dataset: string }): Promise<ImportPlan> => {
      return planOf(await loadConfig(), dataset);
    }),

    /** The names that `importAll` works through, in the order of the file. */
    selectDatasets: activity(async (request: Selection) => {
      const config = await loadConfig();
      const names = selected(config, request).map(({ name }) => name);
      return { names, maxParallel: config.settings.max_parallel };
    }),

    /** With an entry: for its source. With names: once for a whole batch, for Kaggle if any of them needs it. */
    checkAuth: activity(
      async (
        { entry, datasets = [] }: { entry?: DatasetEntry; datasets?: readonly string[] },
        { signal },
      ): Promise<Identity> => {
        const asks = entry ?? (await firstKaggleEntry(datasets));
        if (!asks) return { method: 'none needed' };
        const { account, method } = await sources.checkAuth(asks, { signal });
        return account === undefined ? { method } : { account, method };
      },
    ),

    resolveSource: activity(async (plan: ImportPlan, { signal }): Promise<ResolvedSource> =>
      resolve(resources, plan, signal),
    ),
  };

  async function firstKaggleEntry(names: readonly string[]): Promise<DatasetEntry | undefined> {
    const { datasets } = await loadConfig();
    const entries = names.flatMap((name) => datasets.get(name) ?? []);
    return entries.find(({ kaggle_ref, competition }) => kaggle_ref ?? competition);
  }
}

/** Throws DATASET_UNKNOWN. */
export function planOf(config: DatasetsConfig, dataset: string): ImportPlan {
  const entry = findDataset(config, dataset);
  const { settings } = config;
  return {
    entry,
    settings,
    configDigest: configDigest(entry, settings),
    tableDigest: tableDigest(entry, settings),
  };
}

/** The version that there is now, and whether it is published already. */
export async function resolve(
  resources: Resources,
  plan: ImportPlan,
  signal: AbortSignal,
): Promise<ResolvedSource> {
  const { sources, requireOwnBucket } = resources;
  const pin = await sources.pin(plan.entry, { signal });
  await requireOwnBucket(signal);
  const standing = await standingOf(resources, plan.entry, plan.configDigest, pin, signal);
  if (standing.isReconfigured) await requireOneConfiguration(resources, plan);
  return { pin, ...standing };
}

/** Only the configuration is another: workers that do not agree on it would publish the same version in turns. */
async function requireOneConfiguration(
  { catalog, loadConfig }: Resources,
  { entry }: ImportPlan,
): Promise<void> {
  const { digest } = await loadConfig();
  const others = (await catalog.workers.present()).filter(
    ({ configDigest }) => configDigest !== digest,
  );
  if (others.length === 0) return;
  const found = `other files at ${others.map(({ identity }) => identity).join(', ')}`;
  throw new ImportError('CONFIG_DIFFERS', { place: entry.name, found });
}
