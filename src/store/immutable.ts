/** The rules of an immutable object, the same for every backend: never another's bytes, checked after the write. */
import { createHash } from 'node:crypto';
import { ImportError } from '../errors/index.js';
import { readChunks } from './file-chunks.js';
import type { ObjectHead, PutBytesOptions, PutImmutableOptions } from './object-store.js';
import type { StoredObject } from './types.js';

export interface Upload {
  readonly key: string;
  readonly chunks: AsyncIterable<Buffer>;
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
  readonly contentType: string;
  readonly signal: AbortSignal;
  /** What must lie under the key, by its ETag; nothing when absent. */
  readonly over?: string | undefined;
  /** To be called after each chunk that has arrived. */
  readonly arrived: (bytes: number) => void;
}

/** What a backend must be able to do. */
export interface ImmutableBackend {
  /** For error messages: endpoint and bucket. */
  readonly description: string;
  head(key: string, signal: AbortSignal): Promise<ObjectHead | undefined>;
  /**
   * Makes all chunks visible at once, or nothing. Cleans up after itself when it fails. Writes over nothing but
   * `over`: `refused` when something else is under the key by now.
   */
  upload(upload: Upload): Promise<'stored' | 'refused'>;
  /** What `head` reports: the MD5 of the whole object, or of the MD5s of its chunks, where it has several. */
  readonly md5Of: 'whole' | 'chunks';
}

export async function putImmutable(
  backend: ImmutableBackend,
  key: string,
  filePath: string,
  options: PutImmutableOptions,
): Promise<StoredObject> {
  const { sha256, bytes, signal } = options;
  signal.throwIfAborted();
  const stored = { key, bytes, sha256 };
  const before = await backend.head(key, signal);
  if (before && isSame(before, options)) return { ...stored, transferred: false };
  if (before) throw conflict(backend, key, options, before);
  if (await write(backend, key, filePath, options)) return { ...stored, transferred: true };
  // Another attempt was faster. The same bytes are as good as ours.
  const after = await backend.head(key, signal);
  if (after && isSame(after, options)) return { ...stored, transferred: false };
  throw conflict(backend, key, options, after);
}

/**
 * Over exactly `over`, or over nothing: false when something else is under the key by now. What lies there is not asked
 * what it is, for an object that lies may well say that it is the right one.
 */
export async function write(
  backend: ImmutableBackend,
  key: string,
  filePath: string,
  options: PutImmutableOptions,
  over?: string,
): Promise<boolean> {
  const { sha256, bytes, contentType, signal, onProgress } = options;
  const md5 = new Md5(backend.md5Of);
  let sentBytes = 0;
  const outcome = await backend.upload({
    key,
    chunks: md5.tap(readChunks(filePath, { bytes, sha256, signal })),
    arrived(count) {
      sentBytes += count;
      onProgress?.({ key, sentBytes, totalBytes: bytes });
    },
    ...{ bytes, sha256, contentType, signal, over },
  });
  if (outcome === 'refused') return false;
  const after = await backend.head(key, signal);
  verify(backend, options, key, after, md5.expected());
  return true;
}

/** Nothing is asked before and after: the store refuses bytes that are not those whose digest comes with them. */
export async function putBytes(
  backend: ImmutableBackend,
  key: string,
  content: Buffer,
  { sha256, contentType, signal }: PutBytesOptions,
): Promise<StoredObject> {
  signal.throwIfAborted();
  const bytes = content.length;
  const upload = { key, chunks: one(content), ...{ bytes, sha256, contentType, signal } };
  const outcome = await backend.upload({ ...upload, arrived: () => undefined });
  const stored = { key, bytes, sha256, transferred: outcome === 'stored' };
  if (stored.transferred) return stored;
  const there = await backend.head(key, signal);
  const wanted = { sha256, bytes, contentType, signal };
  if (there && isSame(there, wanted)) return stored;
  throw conflict(backend, key, wanted, there);
}

async function* one(content: Buffer): AsyncGenerator<Buffer> {
  yield await Promise.resolve(content);
}

function isSame(
  head: Pick<ObjectHead, 'bytes' | 'sha256'>,
  { bytes, sha256 }: PutImmutableOptions,
): boolean {
  return head.bytes === bytes && head.sha256 === sha256;
}

function verify(
  backend: ImmutableBackend,
  options: PutImmutableOptions,
  key: string,
  head: ObjectHead | undefined,
  md5: string,
): void {
  const sameMd5 = head?.md5 === undefined || head.md5 === md5;
  if (head && isSame(head, options) && sameMd5) return;
  throw new ImportError('OBJECT_VERIFY_FAILED', {
    place: `${backend.description}, ${key}`,
    expected: `${describe(options)}, MD5 ${md5}`,
    found: head ? `${describe(head)}, MD5 ${head.md5 ?? 'unknown'}` : 'no object',
  });
}

function conflict(
  backend: ImmutableBackend,
  key: string,
  wanted: PutImmutableOptions,
  found: ObjectHead | undefined,
): ImportError {
  return new ImportError('OBJECT_CONFLICT', {
    place: `${backend.description}, ${key}`,
    expected: describe(wanted),
    found: found ? describe(found) : 'an object that is gone again',
  });
}

function describe({ bytes, sha256 }: Pick<ObjectHead, 'bytes' | 'sha256'>): string {
  return `${bytes} bytes with SHA-256 ${sha256 ?? 'unknown'}`;
}

/** Taken as the chunks pass; of each byte one MD5 and no more. */
class Md5 {
  readonly #of: ImmutableBackend['md5Of'];
  readonly #chunks: Buffer[] = [];
  readonly #whole = createHash('md5');

  constructor(of: ImmutableBackend['md5Of']) {
    this.#of = of;
  }

  async *tap(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      if (this.#of === 'whole') this.#whole.update(chunk);
      else this.#chunks.push(createHash('md5').update(chunk).digest());
      yield chunk;
    }
  }

  /** Hex; of several chunks with their number, as S3 writes it. */
  expected(): string {
    if (this.#of === 'whole') return this.#whole.digest('hex');
    const [only, ...others] = this.#chunks;
    if (others.length === 0) return only!.toString('hex');
    const all = createHash('md5').update(Buffer.concat(this.#chunks));
    return `${all.digest('hex')}-${this.#chunks.length}`;
  }
}
