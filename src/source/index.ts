/** The sources of datasets, behind one interface: Kaggle's two kinds, and those that `source:` names. */
import type { DatasetEntry } from '../config/datasets.js';
import { createHttpClient } from './http/client.js';
import { createKaggleApi } from './kaggle/api.js';
import { kaggleCompetitions } from './kaggle/competition.js';
import { kaggleDatasets } from './kaggle/dataset.js';
import { searchKaggle, type SearchPage } from './kaggle/search.js';
import { NAMED_SOURCES } from './named.js';
import type { SourceOptions } from './options.js';
import type { AuthCheck, Call, OpenedFile, OpenRequest, Source, SourceFile } from './source.js';
import type { PinnedSource, SourceKind } from './types.js';

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
  const guardedHttp = options.allowPrivateAddresses ? http : createHttpClient(options, true);
  const kaggle = createKaggleApi(http, options.kaggle);
  const world = { http, guardedHttp, options };
  const registry = new Map<SourceKind, Source>([
    ['kaggle', kaggleDatasets(kaggle)],
    ['competition', kaggleCompetitions(kaggle)],
    ...NAMED_SOURCES.map(({ kind, create }) => [kind, create(world)] as const),
  ]);
  const of = (kind: SourceKind): Source => registry.get(kind)!;

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
      if (guardedHttp !== http) await guardedHttp.close();
    },
  };
}

function kindOf({ competition, source }: DatasetEntry): SourceKind {
  if (competition !== undefined) return 'competition';
  return NAMED_SOURCES.find(({ kind }) => source !== undefined && kind in source)?.kind ?? 'kaggle';
}
