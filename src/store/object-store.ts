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
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: UploadProgress) => void;
}

export type PutBytesOptions = Pick<PutImmutableOptions, 'sha256' | 'contentType' | 'signal'>;

/** A piece of an object. */
export interface ByteRange {
  readonly offset: number;
  /** More than zero. */
  readonly bytes: number;
}

/** One object of a listing. */
export interface ListedObject {
  /** Full key within the bucket or container. */
  readonly key: string;
  readonly bytes: number;
  /** By the clock of the store; milliseconds since 1970. */
  readonly modifiedMs: number;
}

/** A small text with what a conditional rewrite of it must name. */
export interface StoredText {
  readonly text: string;
  readonly etag: string;
}

/** What the store knows of an object. */
export interface ObjectHead {
  readonly bytes: number;
  /** Of exactly these bytes; what a conditional write over them must name. */
  readonly etag: string;
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
  /** What every key of ours begins with: empty, or a prefix that ends with a slash (STORAGE_PREFIX). */
  readonly root: string;
  /** Where an object is, for people and readers: `s3://bucket/key` or `https://account.../container/key`. */
  url(key: string): string;
  /** Where an object is, as table formats and their engines address it: `s3://...` or `abfss://...`. */
  location(key: string): string;
  /** Creates the bucket or container when it is missing. Idempotent, and safe side by side. */
  ensureReady(signal: AbortSignal): Promise<void>;
  /**
   * Stores a file under a key that is never rewritten; checked by size, SHA-256 metadata and MD5 afterwards.
   * Sends nothing when the same object is there. Until all of it is sent, nothing is visible under the key.
   * The write itself is conditional, so that of two writers one is refused. Throws OBJECT_CONFLICT when other
   * bytes are there, and OBJECT_VERIFY_FAILED when the file is not what `sha256` and `bytes` say or the store
   * has something else afterwards.
   */
  putImmutable(key: string, filePath: string, options: PutImmutableOptions): Promise<StoredObject>;
  /**
   * As `putImmutable`, of a small content that is in memory: one request, in which the store checks the bytes.
   * Throws OBJECT_CONFLICT when other bytes are there.
   */
  putBytes(key: string, content: Buffer, options: PutBytesOptions): Promise<StoredObject>;
  /**
   * Stores a file in the place of an object that is proven not to hold it, in one step: readers find the one or the
   * other. Writes over exactly the object of `etag`, over nothing where that is absent; false when something else is
   * there by now. Checked afterwards as `putImmutable` does it. Throws OBJECT_VERIFY_FAILED.
   */
  putBack(
    key: string,
    filePath: string,
    options: PutImmutableOptions,
    etag: string | undefined,
  ): Promise<boolean>;
  /**
   * Writes a small JSON text, such as the pointer `current.json`, over exactly what was read: the text with
   * `etag`, or nothing when that is absent. False when something else is there by now.
   */
  putText(key: string, text: string, etag?: string, signal?: AbortSignal): Promise<boolean>;
  /** UTF-8 text of an object; `undefined` when there is no such object. */
  getText(key: string, signal?: AbortSignal): Promise<StoredText | undefined>;
  /** The bytes of an object, or a piece of it, as they arrive; throws OBJECT_MISSING. */
  read(key: string, range?: ByteRange, signal?: AbortSignal): Promise<Readable>;
  /** `undefined` when there is no such object. */
  head(key: string, signal?: AbortSignal): Promise<ObjectHead | undefined>;
  /** Objects whose keys begin with `prefix`, in the order of the store; none in a bucket that is not there. */
  list(prefix: string, signal?: AbortSignal): Promise<ListedObject[]>;
  /** Removes objects; absent ones are no error. */
  remove(keys: readonly string[], signal?: AbortSignal): Promise<void>;
  /**
   * Drops the parts of uploads that nobody will finish: under `prefix`, and under `keys`, which MinIO must be
   * asked for one by one. Azure drops its blocks by itself.
   */
  removeUnfinished(prefix: string, keys: readonly string[], signal?: AbortSignal): Promise<void>;
  /** Proves that the store answers and takes our credentials; `version` is what the server calls itself. */
  ping(signal: AbortSignal): Promise<{ readonly version?: string }>;
  close(): Promise<void>;
}
