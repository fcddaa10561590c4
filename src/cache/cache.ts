/** What the cache does, and what it is opened and asked with. */
import type { DatasetEntry } from '../config/datasets.js';
import type { Sources } from '../source/index.js';
import type { PinnedSource, SourceDocumentation } from '../source/types.js';
import type { InflateRules } from './inflate-ahead.js';
import type { FindRuns } from './leases.js';
import type { DownloadProgress } from './obtain.js';
import type { Statistics } from './statistics.js';
import type { SweepResult } from './sweep.js';
import type { CachedFile, CacheEntry, CacheUse } from './types.js';
import type { TransferLimits } from './watch.js';

export interface CacheOptions {
  /** Absolute; created when missing. May be shared by several workers. */
  readonly directory: string;
  readonly sources: Sources;
  /** Unused for longer, an entry goes; unchecked for longer, a hit is verified by checksum. */
  readonly durationDays: number;
  readonly maxBytes: number;
  /** Files side by side within one dataset. */
  readonly parallelDownloads: number;
  /** On the disk, for everybody else; nothing when absent. */
  readonly keepFreeBytes?: number;
  readonly transferLimits?: TransferLimits;
  /** Told of every hit and every finished download. */
  readonly onUse?: ((use: CacheUse) => void) | undefined;
}

export interface ObtainOptions {
  /** Transfers again what is complete already. */
  readonly force: boolean;
  /** What to unpack of a zip archive while it arrives; nothing when absent. */
  readonly inflate?: InflateRules;
  /** The run that needs the entry: it stays until `release`, also where the download fails. */
  readonly runId?: string;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: DownloadProgress) => void;
}

export interface CacheStatus extends Statistics {
  /** Complete ones. */
  readonly entries: number;
  /** On disk, interrupted downloads included. */
  readonly bytes: number;
}

export interface Cache {
  /**
   * The pinned bytes, complete and checked on this disk. Can be killed at any point and called again: it goes
   * on where it stopped. Waits while another worker brings the same entry.
   * @throws DISK_FULL, CACHE_UNWRITABLE, DOWNLOAD_*, CHECKSUM_MISMATCH, and what the source throws
   */
  obtain(entry: DatasetEntry, pin: PinnedSource, options: ObtainOptions): Promise<CacheEntry>;
  /** @throws CACHE_ENTRY_MISSING when the entry is not, or no longer, complete on this host */
  files(key: string): Promise<CachedFile[]>;
  /** The same, kept from every sweep until the run's `release`. @throws CACHE_ENTRY_MISSING */
  hold(key: string, runId: string, signal: AbortSignal): Promise<CachedFile[]>;
  /** What the source has said of the files of an entry; `undefined` for nothing. */
  documentation(key: string): Promise<SourceDocumentation | undefined>;
  /** Removes what was unpacked on the way: for the import that has it in its own folder now. */
  dropInflated(key: string): Promise<void>;
  /** For a run at its end, whatever its outcome. */
  release(runId: string): Promise<void>;
  /** For runs that ended without a word. */
  releaseEnded(findRuns: FindRuns): Promise<void>;
  sweep(options: { readonly signal: AbortSignal }): Promise<SweepResult>;
  /** Once an hour and when it may have grown too large: costs next to nothing otherwise. */
  sweepIfDue(options: { readonly signal: AbortSignal }): Promise<void>;
  /** Removes complete entries that nobody needs, until about so many bytes are free. */
  evict(bytes: number, signal: AbortSignal): Promise<void>;
  /** Removes every entry that no worker is filling and no run needs. */
  clear(): Promise<SweepResult>;
  status(): Promise<CacheStatus>;
  /** The same for every worker on this directory, across restarts. */
  hostId(): Promise<string>;
}
