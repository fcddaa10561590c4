/** A Kaggle-compatible server, the sources that talk to it, and a cache in a temporary folder, for one test. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createCache, type Cache, type CacheOptions } from '../../src/cache/index.js';
import { datasetSchema, type DatasetEntry } from '../../src/config/datasets.js';
import { ImportError } from '../../src/errors/index.js';
import { createSources, type SourceOptions, type Sources } from '../../src/source/index.js';
import {
  SAMPLE_ACCOUNT,
  startKaggleServer,
  type KaggleServer,
  type KaggleServerOptions,
} from '../../src/stack/kaggle-server/index.js';
import { noiseBytes } from './noise-bytes.js';

export const REF = 'owner/set';
/** Does not compress: large enough to be cut and resumed. */
export const NOISE = noiseBytes(400_000, 'noise');
export const FILES = { 'a.csv': 'x\n1\n', 'b/c.csv': 'y\n2\n', 'noise.bin': NOISE };

export const signal = new AbortController().signal;

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kaggle-import-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export async function kaggleForTest(options: KaggleServerOptions = {}): Promise<KaggleServer> {
  const server = await startKaggleServer({
    datasets: [
      { ref: REF, title: 'A set', licence: 'CC0-1.0', keywords: ['tabular'], files: FILES },
      { ref: 'somebody/secret', private: true, files: { 'a.csv': 'x\n1\n' } },
      { ref: 'competitions/cup', rulesAccepted: false, files: { 'train.csv': 'x\n1\n' } },
    ],
    ...options,
  });
  onTestFinished(() => server.close());
  return server;
}

export type SourceChanges = Partial<Omit<SourceOptions, 'kaggle'>> & {
  readonly kaggle?: Partial<SourceOptions['kaggle']>;
};

export function sourceOptions(apiBase: string, changes: SourceChanges = {}): SourceOptions {
  return {
    github: { apiBase: 'http://127.0.0.1:9' },
    s3: {},
    azure: {},
    allowPrivateAddresses: true,
    userAgent: 'kaggle-import/test',
    proxies: {},
    ...changes,
    kaggle: {
      apiBase,
      apiToken: SAMPLE_ACCOUNT.token,
      configDirectory: '/nonexistent/kaggle-import-test',
      ...changes.kaggle,
    },
  };
}

export function sourcesForTest(apiBase: string, changes: SourceChanges = {}): Sources {
  const sources = createSources(sourceOptions(apiBase, changes));
  onTestFinished(() => sources.close());
  return sources;
}

export async function cacheForTest(
  sources: Sources,
  changes: Partial<CacheOptions> = {},
): Promise<{ cache: Cache; directory: string }> {
  const directory = changes.directory ?? (await temporaryFolder());
  const cache = createCache({
    durationDays: 7,
    maxBytes: 1e9,
    parallelDownloads: 4,
    ...changes,
    directory,
    sources,
  });
  return { cache, directory };
}

/** For a server that falls silent, and only then: a busy machine, too, may keep one waiting for a second. */
export const IMPATIENT = { timeouts: { headersMs: 1500, bodyIdleMs: 1500 } } as const;

/** A cache that gives up silence after a second or so; beside a patient one in the same folder. */
export async function impatientCache(apiBase: string, directory: string): Promise<Cache> {
  const transferLimits = { minBytesPerSecond: 100, windowMs: 1000 };
  const changes = { directory, transferLimits };
  return (await cacheForTest(sourcesForTest(apiBase, IMPATIENT), changes)).cache;
}

/** All of it together: a server with one dataset, and a cache to bring it into. */
export async function kaggleCacheForTest(
  changes: Partial<CacheOptions> = {},
  options: KaggleServerOptions = {},
) {
  const server = await kaggleForTest(options);
  const sources = sourcesForTest(server.url);
  const { cache, directory } = await cacheForTest(sources, changes);
  const obtain = async (entry = kaggleEntry, force = false) =>
    cache.obtain(entry, await sources.pin(entry, { signal }), { ...obtainOptions, force });
  return { server, sources, cache, directory, obtain };
}

export function datasetEntry(fields: object): DatasetEntry {
  return { ...datasetSchema.parse(fields), name: 'set' };
}

export const kaggleEntry = datasetEntry({ kaggle_ref: REF });
/** Two small files of the same dataset, fetched one by one. */
export const csvEntry = datasetEntry({ kaggle_ref: REF, files: { include: ['*.csv'] } });

/** The error that a promise ends with; fails the test when it is none of ours. */
export async function failureOf(work: Promise<unknown>): Promise<ImportError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof ImportError) return error;
    throw error;
  }
  throw new Error('expected a failure');
}

export const obtainOptions = { force: false, signal, onProgress: (): void => undefined };
