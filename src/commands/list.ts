/** `list`: the configured datasets, what is published of them, and how old it is. */
import { openCatalog } from '../catalog/index.js';
import { configFile } from '../config/environment.js';
import { loadDatasetsConfig } from '../config/load.js';
import { ImportError } from '../errors/index.js';
import { humanAge } from '../human.js';
import { commandEnvironment, type CommandContext } from './context.js';
import { prose } from './fit.js';
import { heldText } from './status-text.js';
import { textTable, type Column } from './text-table.js';

const COLUMNS: readonly Column[] = [
  { head: 'dataset', wraps: true },
  { head: 'source', wraps: true },
  { head: 'published' },
  { head: 'age' },
  { head: 'tables', drop: 1 },
  { head: 'rows', drop: 2 },
  { head: 'last outcome' },
];

export async function list({ result, note, width }: CommandContext): Promise<void> {
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
    found?.publishedAt && humanAge(found.publishedAt),
    found?.tables,
    found?.rows,
    found?.lastOutcome,
  ]);
  const held = heldText(datasets.flatMap(({ published: found }) => found ?? []));
  const table = textTable(COLUMNS, rows, width);
  result({ datasets }, held === undefined ? table : [table, prose(held, width)].join('\n\n'));
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
