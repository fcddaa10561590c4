/** `search`: finds Kaggle datasets by words. */
import { configFile } from '../config/environment.js';
import { loadDatasetsConfig } from '../config/load.js';
import { openSources } from '../open-sources.js';
import { commandEnvironment, type CommandContext } from './context.js';
import { humanBytes } from '../human.js';
import { textTable } from './text-table.js';

export async function search(
  words: string,
  { signal, result, width }: CommandContext,
): Promise<void> {
  const environment = await commandEnvironment();
  const { settings } = await loadDatasetsConfig(configFile(environment));
  const sources = openSources(environment, settings.allow_private_addresses);
  try {
    const { datasets } = await sources.search(words, { signal });
    const rows = datasets.map(({ reference, title, totalBytes, licence }) => [
      reference,
      title,
      totalBytes === undefined ? '-' : humanBytes(totalBytes),
      licence ?? '-',
    ]);
    const found = textTable(
      [
        { head: 'kaggle_ref', wraps: true },
        { head: 'title', wraps: true },
        { head: 'size' },
        { head: 'licence', drop: 1 },
      ],
      rows,
      width,
    );
    result({ datasets }, datasets.length > 0 ? found : `Kaggle finds nothing for "${words}".`);
  } finally {
    await sources.close();
  }
}
