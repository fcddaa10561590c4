/** Reads `kaggle_datasets_config.yaml` and what it includes; every problem at once, each with file, line and column. */
import { createHash } from 'node:crypto';
import { ImportError } from '../errors/index.js';
import { assemble } from './assemble.js';
import { createFileReader, type ConfigFile } from './config-file.js';
import type { DatasetsConfig } from './datasets.js';
import { includedFiles } from './included.js';
import { placed } from './explained.js';
import { nearest } from './nearest.js';

/**
 * Gives the configuration with its defaults applied to every dataset.
 * Throws CONFIG_NOT_FOUND, or CONFIG_INVALID with one line a problem: `file:line:column: what`.
 */
export function loadDatasetsConfig(file: string): Promise<DatasetsConfig> {
  return createConfigReader(file)();
}

/** For who asks again and again: what has not changed is not read again, and gives the same object or error. */
export function createConfigReader(path: string): () => Promise<DatasetsConfig> {
  const read = createFileReader();
  let last: { readonly state: string; readonly outcome: Promise<DatasetsConfig> } | undefined;
  return async () => {
    const main = await read(path);
    const patterns = (main.value as { include?: unknown } | null | undefined)?.include;
    const { paths, empty } = await includedFiles(path, patterns);
    const files = [main, ...(await Promise.all(paths.map(read)))];
    const state = JSON.stringify([files.map((file) => [file.path, file.digest]), empty]);
    if (last?.state !== state) last = { state, outcome: validConfig(files, empty) };
    return last.outcome;
  };
}

/** @param empty - patterns of the first file that match nothing */
async function validConfig(
  files: readonly ConfigFile[],
  empty: readonly string[],
): Promise<DatasetsConfig> {
  const broken = files.flatMap((file) => file.broken ?? []);
  if (broken.length > 0) throw invalid(broken);
  const { config, problems } = await assemble(files);
  const unmatched = empty.map((pattern) => ({
    ...{ file: files[0]!, path: ['include'] },
    text: `include: expected a file that matches "${pattern}", found none`,
  }));
  const all = [...unmatched, ...problems];
  if (!config || all.length > 0) {
    const ofFile = (file: ConfigFile) => all.filter((problem) => problem.file === file);
    const told = await Promise.all(files.map((file) => placed(file, ofFile(file))));
    throw invalid(told.flat());
  }
  const digest = createHash('sha256').update(files.map((file) => file.digest).join(' '));
  return { file: files[0]!.path, digest: digest.digest('hex'), ...config };
}

function invalid(told: readonly string[]): ImportError {
  return new ImportError('CONFIG_INVALID', {
    found: `${told.length} problem${told.length === 1 ? '' : 's'}\n  ${told.join('\n  ')}`,
  });
}

/** Throws DATASET_UNKNOWN with the nearest configured names when there is no such dataset. */
export function findDataset(
  config: DatasetsConfig,
  name: string,
): NonNullable<ReturnType<DatasetsConfig['datasets']['get']>> {
  const entry = config.datasets.get(name);
  if (entry) return entry;
  const near = nearest(name, [...config.datasets.keys()]);
  throw new ImportError('DATASET_UNKNOWN', {
    place: config.file,
    found: `"${name}"`,
    ...(near !== undefined && {
      nextStep: `Did you mean "${near}"? Run \`make list-datasets\` to see all names.`,
    }),
  });
}
