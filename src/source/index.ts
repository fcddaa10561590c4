/** The sources of datasets, behind one interface; a new kind is one line in the registry here, and one for its keys in config/sources.ts. */
import type { DatasetEntry } from '../config/datasets.js';
import { github } from './github.js';
import { createHttpClient } from './http/client.js';
import { createKaggleApi } from './kaggle/api.js';
import { kaggleCompetitions } from './kaggle/competition.js';
import { kaggleDatasets } from './kaggle/dataset.js';
import { searchKaggle, type SearchPage } from './kaggle/search.js';
import { kindOf } from './kind.js';
import { azurePrefixes } from './objects/azure.js';
import { s3Prefixes } from './objects/s3.js';
import type { SourceOptions } from './options.js';
import { localPaths } from './path.js';
import type { AuthCheck, Call, OpenedFile, OpenRequest, Source, SourceFile } from './source.js';
import type { PinnedSource, SourceKind } from './types.js';
import { directUrls } from './url.js';

export type { SourceOptions } from './options.js';
export type { FoundDataset, SearchPage } from './kaggle/search.js';
export type { AuthCheck, OpenedFile, SourceFile } from './source.js';

export interface Sources {
  /**
   * One request. Without an entry: for Kaggle.
   * @throws CREDENTIALS_MISSING, CREDENTIALS_REJECTED, CREDENTIALS_UNREADABLE, SOURCE_UNREACHABLE ...
   */
  checkAuth(entry: DatasetEntry | undefined, call: Call): Promise<AuthCheck>;
  /**
   * The version there is now, or the one the entry names. One request for Kaggle.
   * @throws SOURCE_REFERENCE_INVALID, SOURCE_NOT_FOUND, SOURCE_FORBIDDEN, RULES_NOT_ACCEPTED,
   *   DATASET_NOT_READY, RATE_LIMITED, SOURCE_UNREACHABLE, SOURCE_SERVER_ERROR ...
   */
  pin(entry: DatasetEntry, call: Call): Promise<PinnedSource>;
  /** Kaggle datasets by words; `page` is `nextPage` of the page before. */
  search(words: string, options: Call & { readonly page?: string }): Promise<SearchPage>;
  /** What has to be transferred for the entry: for the cache. */
  listFiles(entry: DatasetEntry, pin: PinnedSource, call: Call): Promise<readonly SourceFile[]>;
  /** One transfer: for the cache. */
  open(pin: PinnedSource, file: SourceFile, request: OpenRequest): Promise<OpenedFile>;
  close(): Promise<void>;
}

/** Connects lazily. Throws ENVIRONMENT_INVALID when the file of certificate authorities cannot be read. */
export function createSources(options: SourceOptions): Sources {
  const http = createHttpClient(options, false);
  const guarded = options.allowPrivateAddresses ? http : createHttpClient(options, true);
  const kaggle = createKaggleApi(http, options.kaggle);
  const registry: Readonly<Record<SourceKind, Source>> = {
    kaggle: kaggleDatasets(kaggle),
    competition: kaggleCompetitions(kaggle),
    url: directUrls(guarded),
    github: github(http, options.github),
    path: localPaths(),
    s3: s3Prefixes(http, options.s3),
    azure: azurePrefixes(options.azure),
  };
  const of = (kind: SourceKind): Source => registry[kind];

  return {
    checkAuth: async (entry, call) =>
      (await of(entry ? kindOf(entry) : 'kaggle').checkAuth?.(call)) ?? {
        method: 'none needed',
        warnings: [],
      },
    pin: (entry, call) => of(kindOf(entry)).pin(entry, call),
    search: (words, search) => searchKaggle(kaggle, words, search),
    listFiles: (entry, pin, call) => of(pin.kind).listFiles(entry, pin, call),
    open: (pin, file, request) => of(pin.kind).open(pin, file, request),
    close: async () => {
      await http.close();
      if (guarded !== http) await guarded.close();
    },
  };
}
