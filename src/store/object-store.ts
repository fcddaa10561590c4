/** The one interface to an object store, whatever is behind it. */
import type { Readable } from 'node:stream';
import type { StoredObject } from './types.js';

export interface UploadProgress {
  readonly key: string;
  readonly sentBytes: number;
  readonly totalBytes: number;
}

export interface PutImmutableOptions {
  /** SHA-256 that the file must have, hex; kept as the object's metadata `sha256`. */
  readonly sha256: string;
  readonly bytes: number;
  readonly contentType: string;
  /** Lets other bytes under this key be replaced: the leftover of an attempt that was never published. */
  readonly replace?: boolean;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: UploadProgress) => void;
}

/** A piece of an object. */
export interface ByteRange {
  readonly offset: number;
  /** More than zero. */
  readonly bytes: number;
}

/** What the store knows of an object. */
export interface ObjectHead {
  readonly bytes: number;
  /** From the object's metadata; absent on objects that others wrote. */
  readonly sha256?: string;
  /** MD5 of the content, hex, where the store keeps one: of the parts' MD5s with `-<parts>` on S3 multipart. */
  readonly md5?: string;
}

/**
 * Every method throws `ImportError`: STORE_UNREACHABLE, STORE_FORBIDDEN, STORE_BUCKET_MISSING, STORE_FULL or
 * STORE_FAILED with the endpoint. A call whose signal aborts stops within a second and rejects with the
 * signal's reason.
 */
export interface ObjectStore {
  /** Backend, endpoint and bucket or container, for people. Holds no secret. */
  readonly description: string;
  /** Where an object is, for people and readers: `s3://bucket/key` or `https://account.../container/key`. */
  url(key: string): string;
  /** Creates the bucket or container when it is missing. Idempotent, and safe side by side. */
  ensureReady(signal: AbortSignal): Promise<void>;
  /**
   * Stores a file under a key that is never rewritten; checked by size, SHA-256 metadata and MD5 afterwards.
   * Sends nothing when the same object is there. Until all of it is sent, nothing is visible under the key.
   * Throws OBJECT_CONFLICT when other bytes are there and `replace` is not set, and OBJECT_VERIFY_FAILED when
   * the file is not what `sha256` and `bytes` say or the store has something else afterwards.
   */
  putImmutable(key: string, filePath: string, options: PutImmutableOptions): Promise<StoredObject>;
  /** Writes or rewrites a small text, such as the pointer `current.json`. */
  putMutable(key: string, text: string, contentType: string, signal?: AbortSignal): Promise<void>;
  /** UTF-8 text of an object; throws OBJECT_MISSING. */
  getText(key: string, signal?: AbortSignal): Promise<string>;
  /** The bytes of an object, or a piece of it, as they arrive; throws OBJECT_MISSING. */
  read(key: string, range?: ByteRange, signal?: AbortSignal): Promise<Readable>;
  /** `undefined` when there is no such object. */
  head(key: string, signal?: AbortSignal): Promise<ObjectHead | undefined>;
  /** Keys under a prefix, in the order of the store. */
  list(prefix: string, signal?: AbortSignal): Promise<string[]>;
  /** Removes objects; absent ones are no error. */
  remove(keys: readonly string[], signal?: AbortSignal): Promise<void>;
  /** Proves that the store answers and takes our credentials; `version` is what the server calls itself. */
  ping(signal: AbortSignal): Promise<{ readonly version?: string }>;
  close(): Promise<void>;
}
