/** What the other steps know of the cache. */
import type { SourceKind } from '../source/types.js';

/** A dataset's bytes on this host, complete and checked. Small: travels through a workflow's history. */
export interface CacheEntry {
  /** Names the entry within the cache directory of this host. */
  readonly key: string;
  /** SHA-256 over the names and SHA-256 of all files: equal for equal bytes. Hex. */
  readonly checksum: string;
  readonly files: number;
  readonly bytes: number;
  /** Bytes that have crossed the network to this host for this import: also in attempts that came to nothing. */
  readonly transferredBytes: number;
  readonly hit: boolean;
}

/** One call of `obtain`, for metrics. */
export interface CacheUse {
  readonly kind: SourceKind;
  readonly outcome: 'hit' | 'miss';
  /** That were here already, and not transferred. */
  readonly savedBytes: number;
  readonly transferredBytes: number;
}

/** One file of a cache entry, as it was downloaded (an archive stays an archive). */
export interface CachedFile {
  /** Path within the dataset, `/` between segments. */
  readonly path: string;
  readonly absolutePath: string;
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
  /** Of a zip archive: members that were unpacked while it arrived. */
  readonly inflated?: readonly InflatedMember[];
}

/**
 * One member of a zip archive, found and unpacked by reading the archive from its start: worth something only
 * where the central directory says the same of the same place.
 */
export interface InflatedMember {
  /** Position of its local header in the archive. */
  readonly offset: number;
  /** 0 stored, 8 deflated. */
  readonly method: number;
  readonly packedBytes: number;
  readonly bytes: number;
  readonly crc32: number;
  /** Hex. */
  readonly sha256: string;
  /** Whole milliseconds. */
  readonly mtimeMs: number;
  readonly absolutePath: string;
}
