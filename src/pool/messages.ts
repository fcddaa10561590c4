/** What the worker and a process of its pool say to each other, over the channel of `fork` (structured clones). */
import type { CacheOptions, DownloadProgress } from '../cache/index.js';
import type { CacheEntry } from '../cache/types.js';
import type { DatasetEntry, Settings } from '../config/datasets.js';
import type { KeptFiles } from '../contract.js';
import type {
  ArrivingRequest,
  ConvertProgress,
  ConvertRequest,
  UnpackRequest,
} from '../convert/index.js';
import type { ConvertedTable, Growth, TableSource } from '../convert/types.js';
import type { ToldSkipped } from '../convert/unpack/skipped-files.js';
import type { KeepFilesRequest } from '../publication/keep-files.js';
import type { DeeplyVerified } from '../publication/verify-deep.js';
import type { Verified } from '../publication/verify-publication.js';
import type { SentRequest } from '../source/options.js';
import type { PinnedSource } from '../source/types.js';
import type { PutImmutableOptions, StoredObject } from '../store/index.js';
import type { CarriedError } from './carried-error.js';

type Plain<Request> = Omit<Request, 'signal' | 'onProgress' | 'room'>;

export interface ObtainRequest {
  readonly entry: DatasetEntry;
  readonly pin: PinnedSource;
  readonly limits: Settings['limits'];
  readonly force: boolean;
  readonly runId: string;
}

export interface StoreRequest extends Pick<
  PutImmutableOptions,
  'sha256' | 'bytes' | 'contentType'
> {
  readonly key: string;
  /** Absolute. */
  readonly file: string;
}

/** Of the current version. */
export interface VerifyRequest {
  readonly dataset: string;
  /** As it is configured now; absent when it is not any more. */
  readonly entry?: DatasetEntry | undefined;
  readonly settings: Settings;
  readonly deep: boolean;
  readonly runId: string;
  /** Absolute; for it alone. */
  readonly directory: string;
}

/** What is skipped stays on the disk: there may be a hundred thousand of it. */
export interface UnpackedInPool extends ToldSkipped {
  readonly tables: TableSource[];
}

/** The jobs there are: what each takes, gives, and tells while it runs. */
export interface Jobs {
  obtain: { input: ObtainRequest; result: CacheEntry; progress: DownloadProgress };
  unpack: {
    input: Plain<UnpackRequest>;
    result: UnpackedInPool;
    progress: { bytes: number; file?: string; waitsFor?: 'disk' | 'memory' };
  };
  /** A file of this host under a key, as `putImmutable` of the store. */
  store: { input: StoreRequest; result: StoredObject; progress: { bytes: number } };
  verify: {
    input: VerifyRequest;
    result: Verified | DeeplyVerified;
    progress: { bytes: number };
  };
  keepFiles: { input: KeepFilesRequest; result: KeptFiles; progress: KeptFiles };
  /** Of a file that is being written; gives whether something of it is kept for `convertTable`. */
  convertArriving: {
    input: Plain<ArrivingRequest>;
    result: boolean;
    progress: { readonly bytes: number };
  };
  /** With what it has grown by, of the table alone, where it is that of an older version and some files more. */
  convertTable: {
    input: Plain<Omit<ConvertRequest, 'growth'>> & { readonly growth?: Growth | undefined };
    result: ConvertedTable;
    progress: ConvertProgress;
  };
}

export type JobName = keyof Jobs;

/** Those that something is loaded for before the first one comes. */
export type PreparedJob = 'obtain' | 'convertTable';

/** What happens within a job and counts for the whole worker. */
export type Event =
  | { readonly of: 'request'; readonly sent: SentRequest }
  | { readonly of: 'cacheUse'; readonly use: Parameters<NonNullable<CacheOptions['onUse']>>[0] };

export type ToProcess =
  | { readonly type: 'setup'; readonly settings: Settings; readonly residentBytes: number }
  /** A job of this kind is to come. */
  | { readonly type: 'prepare'; readonly job: PreparedJob }
  | { readonly type: 'begin'; readonly id: number; readonly job: JobName; readonly input: unknown }
  | { readonly type: 'abort'; readonly id: number }
  | { readonly type: 'turn'; readonly id: number };

export type ToWorker =
  | { readonly type: 'progress'; readonly id: number; readonly progress: unknown }
  | { readonly type: 'done'; readonly id: number; readonly result: unknown }
  | { readonly type: 'failed'; readonly id: number; readonly error: CarriedError }
  | { readonly type: 'event'; readonly event: Event }
  /** Asks for the next call to Kaggle: its budget is one for the whole worker. */
  | { readonly type: 'ask'; readonly id: number };
