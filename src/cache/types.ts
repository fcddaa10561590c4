/** What the other steps know of the cache. */

/** A dataset's bytes on this host, complete and checked. Small: travels through a workflow's history. */
export interface CacheEntry {
  /** Names the entry within the cache directory of this host. */
  readonly key: string;
  /** SHA-256 over the names and SHA-256 of all files: equal for equal bytes. Hex. */
  readonly checksum: string;
  readonly files: number;
  readonly bytes: number;
  /** Bytes that crossed the network for this import: 0 for a hit. */
  readonly transferredBytes: number;
  readonly hit: boolean;
}

/** One file of a cache entry, as it was downloaded (an archive stays an archive). */
export interface CachedFile {
  /** Path within the dataset, `/` between segments. */
  readonly path: string;
  readonly absolutePath: string;
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
}
