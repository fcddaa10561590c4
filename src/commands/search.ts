/** `search`: finds Kaggle datasets by words. */
import { configFile } from '../config/environment.js';
import { loadDatasetsConfig } from '../config/load.js';
import { openSources } from '../resources.js';
import { commandEnvironment, humanBytes, textTable, type CommandContext } from './context.js';

export async function search(words: string, { signal, result }: CommandContext): Promise<void> {
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
    const found = textTable(['kaggle_ref', 'title', 'size', 'licence'], rows);
    result({ datasets }, datasets.length > 0 ? found : `Kaggle finds nothing for "${words}".`);
  } finally {
    await sources.close();
  }
}
