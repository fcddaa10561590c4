/** `plan`: what an import would do: versions, bytes, outcome; changes nothing. */
import { openCatalog, type PublishedVersion } from '../catalog/index.js';
import type { DatasetEntry } from '../config/datasets.js';
import { configDigest } from '../config/digest.js';
import { configFile } from '../config/environment.js';
import { findDataset, loadDatasetsConfig } from '../config/load.js';
import { ImportError } from '../errors/index.js';
import { databaseUrl, openSources } from '../resources.js';
import { commandEnvironment, type CommandContext } from './context.js';
import { humanBytes } from '../human.js';
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
      const same = published !== undefined && published.sourceVersion === pin.version;
      const digest = configDigest(entry, config.settings);
      const unchanged = same && published.configDigest === digest;
      const passedOver = published && (await catalog.isPassedOver(entry.name, pin, digest));
      const why = unchanged
        ? 'up to date'
        : passedOver
          ? 'somebody went back from it'
          : whyImport(published, same);
      const would = unchanged || passedOver ? 'nothing' : 'import';
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
    await catalog.close();
    await sources.close();
  }
}

function whyImport(published: PublishedVersion | undefined, sameVersion: boolean): string {
  if (!published) return 'never imported';
  return sameVersion ? 'configuration changed' : 'new version';
}
