/** The sources of datasets, behind one interface: Kaggle's two kinds, and those that `source:` names. */
import { createHttpClient } from './http/client.js';
import { createKaggleApi } from './kaggle/api.js';
import { kaggleCompetitions } from './kaggle/competition.js';
import { kaggleDatasets } from './kaggle/dataset.js';
import { searchKaggle, type SearchPage } from './kaggle/search.js';
import { NAMED_SOURCES } from './named.js';
import type { SourceOptions } from './options.js';
import type {
  AuthCheck,
  Call,
  FilePatterns,
  OpenedFile,
  OpenRequest,
  Source,
  SourceFile,
  SourceRequest,
} from './source.js';
import { plainDescription } from './plain-text.js';
import type { PinnedSource, SourceDocumentation, SourceKind } from './types.js';

export type { SourceOptions } from './options.js';
export type { FoundDataset, SearchPage } from './kaggle/search.js';
export type { AuthCheck, OpenedFile, SourceFile } from './source.js';

/** What of a dataset's entry in the configuration concerns its source: one of the first three is set. */
export interface SourceEntry {
  readonly name: string;
  readonly kaggle_ref?: string | undefined;
  readonly competition?: string | undefined;
  /** The keys of a named source. */
  readonly source?: object | undefined;
  readonly files?: FilePatterns | undefined;
}

export interface Sources {
  /**
   * One request. Without an entry: for Kaggle.
   * @throws CREDENTIALS_MISSING, CREDENTIALS_REJECTED, CREDENTIALS_UNREADABLE, SOURCE_UNREACHABLE ...
   */
  checkAuth(entry: SourceEntry | undefined, call: Call): Promise<AuthCheck>;
  /**
   * The version there is now, or the one the entry names. One request for Kaggle.
   * @throws SOURCE_REFERENCE_INVALID, SOURCE_NOT_FOUND, SOURCE_FORBIDDEN, RULES_NOT_ACCEPTED,
   *   DATASET_NOT_READY, RATE_LIMITED, SOURCE_UNREACHABLE, SOURCE_SERVER_ERROR ...
   */
  pin(entry: SourceEntry, call: Call): Promise<PinnedSource>;
  /** Kaggle datasets by words; `page` is `nextPage` of the page before. */
  search(words: string, options: Call & { readonly page?: string }): Promise<SearchPage>;
  /** What has to be transferred for the entry: for the cache. */
  listFiles(entry: SourceEntry, pin: PinnedSource, call: Call): Promise<readonly SourceFile[]>;
  /** One transfer: for the cache. */
  open(pin: PinnedSource, file: SourceFile, request: OpenRequest): Promise<OpenedFile>;
  /** After the last byte of all of them. @throws SOURCE_CHANGED when one may have changed while it was sent */
  confirm(
    entry: SourceEntry,
    pin: PinnedSource,
    files: readonly SourceFile[],
    call: Call,
  ): Promise<void>;
  /** With the bytes: for the cache. `undefined` where the source has nothing to say of its files. */
  document(pin: PinnedSource, call: Call): Promise<SourceDocumentation | undefined>;
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
    pin: async (entry, call) => {
      const pin = await of(kindOf(entry)).pin(requestOf(entry), call);
      return { ...pin, description: plainDescription(pin.description) };
    },
    search: (words, search) => searchKaggle(kaggle, words, search),
    listFiles: (entry, pin, call) => of(pin.kind).listFiles(requestOf(entry), pin, call),
    open: (pin, file, request) => of(pin.kind).open(pin, file, request),
    confirm: async (entry, pin, files, call) =>
      of(pin.kind).confirm?.(requestOf(entry), pin, files, call),
    document: async (pin, call) => of(pin.kind).document?.(pin, call),
    close: async () => {
      await http.close();
      if (guardedHttp !== http) await guardedHttp.close();
    },
  };
}

function requestOf({ name, kaggle_ref, competition, source, files }: SourceEntry): SourceRequest {
  return { dataset: name, keys: source ?? { kaggle_ref, competition }, files };
}

function kindOf({ competition, source }: SourceEntry): SourceKind {
  if (competition !== undefined) return 'competition';
  return NAMED_SOURCES.find(({ kind }) => source !== undefined && kind in source)?.kind ?? 'kaggle';
}
