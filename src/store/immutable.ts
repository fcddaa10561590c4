/** The rules of an immutable object, the same for every backend: never rewritten, checked after the write. */
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
  /** To be called after each chunk that has arrived. */
  readonly arrived: (bytes: number) => void;
}

/** What a backend must be able to do. */
export interface ImmutableBackend {
  /** For error messages: endpoint and bucket. */
  readonly description: string;
  head(key: string, signal: AbortSignal): Promise<ObjectHead | undefined>;
  /**
   * Makes all chunks visible at once, or nothing. Cleans up after itself when it fails. Writes over nothing:
   * `already-there` when an object appeared under the key in the meantime.
   */
  upload(upload: Upload): Promise<'stored' | 'already-there'>;
  /** What `head` reports: the MD5 of the whole object, or of the MD5s of its chunks, where it has several. */
  readonly md5Of: 'whole' | 'chunks';
}

export async function putImmutable(
  backend: ImmutableBackend,
  key: string,
  filePath: string,
  options: PutImmutableOptions,
): Promise<StoredObject> {
  const { sha256, bytes, contentType, signal, onProgress } = options;
  signal.throwIfAborted();
  const stored = { key, bytes, sha256 };
  const before = await backend.head(key, signal);
  if (before && isSame(before, options)) return { ...stored, transferred: false };
  if (before) throw conflict(backend, key, options, before);
  const md5 = new Md5(backend.md5Of);
  let sentBytes = 0;
  const outcome = await backend.upload({
    key,
    chunks: md5.tap(readChunks(filePath, { bytes, sha256, signal })),
    arrived(count) {
      sentBytes += count;
      onProgress?.({ key, sentBytes, totalBytes: bytes });
    },
    ...{ bytes, sha256, contentType, signal },
  });
  const after = await backend.head(key, signal);
  if (outcome === 'already-there') {
    // Another attempt was faster. The same bytes are as good as ours.
    if (after && isSame(after, options)) return { ...stored, transferred: false };
    throw conflict(backend, key, options, after);
  }
  verify(backend, options, key, after, md5.expected());
  return { ...stored, transferred: true };
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

function isSame(head: ObjectHead, { bytes, sha256 }: PutImmutableOptions): boolean {
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

function describe({ bytes, sha256 }: ObjectHead): string {
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
