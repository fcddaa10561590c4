/** `auth`: who Kaggle says we are. */
import { configFile } from '../config/environment.js';
import { loadDatasetsConfig } from '../config/load.js';
import { openSources } from '../open-sources.js';
import { commandEnvironment, type CommandContext } from './context.js';

export async function auth({ signal, note, result }: CommandContext): Promise<void> {
  const environment = await commandEnvironment();
  const { settings } = await loadDatasetsConfig(configFile(environment));
  const sources = openSources(environment, settings.allow_private_addresses);
  try {
    const identity = await sources.checkAuth(undefined, { signal });
    identity.warnings.forEach(note);
    const who = identity.account ?? 'an anonymous visitor';
    const where = environment.KAGGLE_API_BASE;
    result(identity, `Kaggle (${where}) knows us as ${who}, by ${identity.method}.`);
  } finally {
    await sources.close();
  }
}
