/** `plan`: what an import would do: versions, bytes, outcome; changes nothing. */
import { openCatalog, type PublishedVersion } from '../catalog/index.js';
import type { DatasetEntry } from '../config/datasets.js';
import { configDigest } from '../config/digest.js';
import { configFile } from '../config/environment.js';
import { storageOptions } from '../config/storage.js';
import { findDataset, loadDatasetsConfig } from '../config/load.js';
import { ImportError } from '../errors/index.js';
import { standingOf, type Standing } from '../publication/standing.js';
import { databaseUrl } from '../config/database.js';
import { openSources } from '../open-sources.js';
import { createObjectStore } from '../store/index.js';
import { humanBytes } from '../human.js';
import { commandEnvironment, type CommandContext } from './context.js';
import { textTable, type Column } from './text-table.js';

interface Plan {
  readonly dataset: string;
  readonly would: 'import' | 'nothing' | 'fail';
  readonly published: string | undefined;
  readonly available?: string;
  readonly bytes?: number | undefined;
  readonly why: string;
}

const COLUMNS: readonly Column[] = [
  { head: 'dataset', wraps: true },
  { head: 'would' },
  { head: 'published', drop: 2 },
  { head: 'available' },
  { head: 'size', drop: 1 },
  { head: 'why', wraps: true },
];

export async function plan(
  dataset: string | undefined,
  { signal, result, note, width }: CommandContext,
): Promise<void> {
  const environment = await commandEnvironment();
  const config = await loadDatasetsConfig(configFile(environment));
  const entries =
    dataset === undefined ? [...config.datasets.values()] : [findDataset(config, dataset)];
  const sources = openSources(environment, config.settings.allow_private_addresses);
  const store = await createObjectStore(storageOptions(environment));
  const catalog = openCatalog(databaseUrl(environment));

  /** Before the first import nobody has made its tables, and a plan changes nothing. */
  let said = false;
  const emptyCatalog = (error: unknown): undefined => {
    if (!(error instanceof ImportError) || error.code !== 'CATALOG_OUTDATED') throw error;
    if (said) return;
    said = true;
    note('The catalog has no tables of this version yet: every dataset counts as never imported.');
  };
  const planOne = async (entry: DatasetEntry): Promise<Plan> => {
    const published = await catalog.findPublication(entry.name).catch(emptyCatalog);
    const before = { dataset: entry.name, published: published?.sourceVersion };
    try {
      const pin = await sources.pin(entry, { signal });
      const digest = configDigest(entry, config.settings);
      const place = { catalog, store };
      const standing = published && (await standingOf(place, entry, digest, pin, signal));
      const idle = standing && whyNothing(standing);
      const why = idle ?? whyImport(published, standing, pin.version, growing(entry));
      const would = idle === undefined ? 'import' : 'nothing';
      return { ...before, would, available: pin.version, bytes: pin.totalBytes, why };
    } catch (error) {
      if (!(error instanceof ImportError)) throw error;
      return { ...before, would: 'fail', why: `${error.code}: ${error.message}` };
    }
  };

  try {
    const plans = [];
    for (const entry of entries) plans.push(await planOne(entry));
    const rows = plans.map(({ dataset: name, would, published, available, bytes, why }) => [
      name,
      would,
      published && `v${published}`,
      available && `v${available}`,
      bytes === undefined ? '-' : humanBytes(bytes),
      why,
    ]);
    result({ plans }, textTable(COLUMNS, rows, width));
  } finally {
    await store.close();
    await catalog.close();
    await sources.close();
  }
}

function whyNothing({ current, chosen, held }: Standing): string | undefined {
  if (held) return `held until somebody decides: ${held.drift.join('; ')}`;
  if (!current) return undefined;
  return chosen === undefined ? 'up to date' : `somebody has chosen version ${chosen}`;
}

function whyImport(
  published: PublishedVersion | undefined,
  standing: Standing | undefined,
  available: string,
  tables: readonly string[],
): string {
  if (!published) return 'never imported';
  if (standing?.missing) return `objects are gone: ${standing.missing.objects}`;
  if (published.sourceVersion === available) return 'configuration changed';
  if (tables.length === 0) return 'new version';
  return `new version; of ${tables.join(', ')}, new files alone are converted if the older ones are as they were`;
}

function growing({ tables = {} }: DatasetEntry): string[] {
  return Object.keys(tables).filter((name) => tables[name]!.append !== undefined);
}
