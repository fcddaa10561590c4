/** `list`: the configured datasets, what is published of them, and how old it is. */
import { openCatalog } from '../catalog/index.js';
import { configFile } from '../config/environment.js';
import { loadDatasetsConfig } from '../config/load.js';
import { ImportError } from '../errors/index.js';
import { commandEnvironment, textTable, type CommandContext } from './context.js';

const HEAD = ['dataset', 'source', 'published', 'age', 'tables', 'rows', 'last outcome'];

export async function list({ result, note }: CommandContext): Promise<void> {
  const environment = await commandEnvironment();
  const config = await loadDatasetsConfig(configFile(environment));
  const published = await publications(environment.DATABASE_URL, note);
  const datasets = [...config.datasets.values()].map((entry) => ({
    dataset: entry.name,
    source:
      entry.kaggle_ref ??
      entry.competition ??
      Object.values(entry.source ?? {})
        .flat()
        .join(' '),
    published: published.find(({ dataset }) => dataset === entry.name),
  }));
  const rows = datasets.map(({ dataset, source, published: found }) => [
    dataset,
    source,
    found?.sourceVersion && `v${found.sourceVersion}`,
    found?.publishedAt && age(found.publishedAt),
    found?.tables,
    found?.rows,
    found?.lastOutcome,
  ]);
  result({ datasets }, textTable(HEAD, rows));
}

/** The configuration is worth showing without a catalog: before the first import there may be none. */
async function publications(url: string | undefined, note: CommandContext['note']) {
  if (url === undefined) return [];
  const catalog = openCatalog(url);
  try {
    return await catalog.listDatasets();
  } catch (error) {
    if (!(error instanceof ImportError)) throw error;
    note(`The catalog does not answer, so nothing is known of publications: ${error.message}`);
    return [];
  } finally {
    await catalog.close();
  }
}

const HOUR_MS = 3_600_000;

function age(iso: string): string {
  const hours = Math.floor((Date.now() - Date.parse(iso)) / HOUR_MS);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} d`;
}
