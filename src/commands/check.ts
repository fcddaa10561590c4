/** `check`: the configuration file and the environment, all problems at once. */
import { configFile } from '../config/environment.js';
import { loadDatasetsConfig } from '../config/load.js';
import { commandEnvironment, type CommandContext } from './context.js';

export async function check({ result }: CommandContext): Promise<void> {
  const environment = await commandEnvironment();
  const config = await loadDatasetsConfig(configFile(environment));
  const names = [...config.datasets.keys()];
  result(
    { file: config.file, datasets: names },
    `${config.file}: valid, ${names.length} datasets; the environment is valid too.`,
  );
}
