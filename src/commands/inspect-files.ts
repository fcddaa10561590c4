/** Finds what `inspect` looks at: a file or folder of this host, or the downloaded files of a dataset. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { entryKey } from '../cache/layout.js';
import type { CachedFile } from '../cache/types.js';
import { configFileSchema, type DatasetEntry, type Settings } from '../config/datasets.js';
import { configFile, type Environment } from '../config/environment.js';
import { findDataset, loadDatasetsConfig } from '../config/load.js';
import { ImportError } from '../errors/index.js';
import { openSources } from '../open-sources.js';
import { cacheOf } from '../open-cache.js';
import type { Sources } from '../source/index.js';

export interface InspectedFiles {
  readonly entry: DatasetEntry;
  readonly settings: Settings;
  readonly files: readonly CachedFile[];
}

/**
 * What stands on this host wins over a dataset of the same name.
 * Throws SOURCE_PATH_UNREADABLE, DATASET_UNKNOWN, CACHE_ENTRY_MISSING, and what the source of a dataset throws.
 */
export async function findFiles(
  what: string,
  environment: Environment,
  signal: AbortSignal,
): Promise<InspectedFiles> {
  const here = await stat(resolve(what)).then(
    () => true,
    () => false,
  );
  if (here) {
    const { entry, settings } = entryOf(resolve(what));
    return { entry, settings, files: await localFiles(entry, settings, environment, signal) };
  }
  // What looks like a path is none of the names.
  if (/[/\\.]/.test(what)) {
    throw new ImportError('SOURCE_PATH_UNREADABLE', { place: what, found: 'nothing there' });
  }
  const config = await loadDatasetsConfig(configFile(environment));
  const entry = findDataset(config, what);
  const { settings } = config;
  const isLocal = entry.source !== undefined && 'path' in entry.source;
  const find = isLocal ? localFiles : downloadedFiles;
  return { entry, settings, files: await find(entry, settings, environment, signal) };
}

/** An entry with nothing but its source: everything is left to the reading. */
function entryOf(path: string): { entry: DatasetEntry; settings: Settings } {
  const name = nameOf(path);
  const { config, datasets } = configFileSchema.parse({
    config: {},
    datasets: { [name]: { source: { path } } },
  });
  return { entry: { ...datasets[name]!, name }, settings: config };
}

/** A name that a dataset can have: `2024 Sales.csv` -> `t_2024_sales`. */
function nameOf(path: string): string {
  const stem = basename(path).split('.')[0]!;
  const plain = stem
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
  return /^[a-z]/.test(plain) ? plain.slice(0, 60) : `t_${plain}`.slice(0, 60);
}

async function localFiles(
  entry: DatasetEntry,
  { allow_private_addresses }: Settings,
  environment: Environment,
  signal: AbortSignal,
): Promise<CachedFile[]> {
  return withSources(environment, allow_private_addresses, async (sources) => {
    const pin = await sources.pin(entry, { signal });
    const listed = await sources.listFiles(entry, pin, { signal });
    const files = [];
    for (const { path, bytes = 0, locator = '' } of listed) {
      const sha256 = await digestOf(locator, signal);
      files.push({ path, absolutePath: locator, bytes, sha256 });
    }
    return files;
  });
}

/** The version that an import would take now, as far as it is on this host. */
async function downloadedFiles(
  entry: DatasetEntry,
  settings: Settings,
  environment: Environment,
  signal: AbortSignal,
): Promise<CachedFile[]> {
  return withSources(environment, settings.allow_private_addresses, async (sources) => {
    const pin = await sources.pin(entry, { signal });
    const cache = cacheOf(environment, settings, sources);
    const files = await cache.files(entryKey(entry, pin)).catch((error: unknown) => {
      if (!(error instanceof ImportError) || error.code !== 'CACHE_ENTRY_MISSING') throw error;
      throw new ImportError('CACHE_ENTRY_MISSING', {
        place: `${entry.name}, version ${pin.version}`,
        cause: error,
        nextStep:
          'Run `make import-dataset DATASET=' +
          `${entry.name}\`, which downloads it, or download it yourself and inspect the file.`,
      });
    });
    // What was unpacked on the way belongs to the import that comes.
    return files.map(({ path, absolutePath, bytes, sha256 }) => ({
      ...{ path, absolutePath, bytes, sha256 },
    }));
  });
}

async function withSources<Result>(
  environment: Environment,
  allowPrivateAddresses: boolean,
  use: (sources: Sources) => Promise<Result>,
): Promise<Result> {
  const sources = openSources(environment, allowPrivateAddresses);
  try {
    return await use(sources);
  } finally {
    await sources.close();
  }
}

async function digestOf(file: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash, { signal });
  return hash.digest('hex');
}
