/** A file on its way: the bytes so far, what the source said of them, and their checksums. */
import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ImportError } from '../errors/index.js';
import type { OpenedFile, ResumePoint } from '../source/source.js';
import { onDisk } from './failures.js';
import { readNotes, resumable, writeNotes, type Notes } from './partial-notes.js';

/** Flushed to the disk so often, beside the download: what a power cut can cost. */
const SYNC_EVERY_BYTES = 64 * 1024 ** 2;

/** Is shown every byte of the file once it is on the disk, in order, also those that were there already. */
export interface ByteTap {
  restart(): Promise<void>;
  write(piece: Buffer): void;
}

/** Of the same reading: what was hashed was counted. */
export interface Digests {
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
  readonly md5: string;
}

export type Announced = Pick<
  OpenedFile,
  'offset' | 'validator' | 'totalBytes' | 'md5' | 'encoding'
>;

/** Lives through retries; a new one for the same file continues what a dead process left. */
export class PartialFile {
  readonly path: string;
  /** Bytes on disk. */
  bytes = 0;
  #hashedBytes = 0;
  #sha256: Hash = createHash('sha256');
  #md5: Hash = createHash('md5');
  /** Which file on the disk these bytes went into. */
  #inode: number | undefined;
  readonly #signal: AbortSignal;
  readonly #tap: ByteTap | undefined;

  /** @param path - ends in `.partial`; its notes lie beside it */
  constructor(path: string, signal: AbortSignal, tap?: ByteTap) {
    this.path = path;
    this.#signal = signal;
    this.#tap = tap;
  }

  /** Where to go on, or nowhere: without a validator nobody can know that it is still the same file. */
  async resumePoint(): Promise<ResumePoint | undefined> {
    const size = await sizeOf(this.path);
    const point = size === 0 ? undefined : resumable(await readNotes(this.#notesPath), size);
    this.bytes = point?.offset ?? 0;
    return point;
  }

  /**
   * Writes the body behind `offset`, which is 0 or where the resume point was.
   * @param onWritten - called with the size of each piece once it is on disk
   */
  async append(
    body: AsyncIterable<Buffer>,
    { offset, ...said }: Announced,
    onWritten: (bytes: number) => void,
  ): Promise<void> {
    const before = offset === 0 ? undefined : await readNotes(this.#notesPath);
    // Of a download that goes on they stay: a host that dies before the next byte must not cost those before it.
    const goesOn = before?.validator !== undefined && before.validator === said.validator;
    const notes: Notes = goesOn ? before : { ...said, syncedBytes: 0 };
    await onDisk(this.path, async () => {
      await mkdir(dirname(this.path), { recursive: true });
      // Notes first: bytes beside the notes of another file would be continued with that one.
      if (!goesOn) await rm(this.#notesPath, { force: true });
      // From its start it is another file: who lost the lock and does not know it yet writes on into the old one.
      if (offset === 0) await rm(this.path, { force: true });
    });
    await this.#hashUpTo(offset);
    const handle = await onDisk(this.path, () => open(this.path, offset === 0 ? 'wx' : 'r+'));
    try {
      this.#inode = (await handle.stat()).ino;
      this.bytes = offset;
      await onDisk(this.path, () => handle.truncate(offset));
      if (!goesOn) await onDisk(this.path, () => writeNotes(this.#notesPath, notes));
      const flush = this.#flusher(handle, notes);
      try {
        await this.#write(handle, body, flush.now, onWritten);
      } finally {
        await flush.end();
      }
      await onDisk(this.path, () => handle.sync());
    } finally {
      await handle.close();
    }
  }

  /** Flushes what is written, and notes how much that is, while more arrives. */
  #flusher(handle: FileHandle, notes: Notes) {
    let syncedBytes = this.bytes;
    let running: Promise<void> | undefined;
    const flush = async (bytes: number): Promise<void> => {
      await handle.datasync();
      await writeNotes(this.#notesPath, { ...notes, syncedBytes: bytes });
      syncedBytes = bytes;
    };
    const now = (): void => {
      if (running !== undefined || this.bytes - syncedBytes < SYNC_EVERY_BYTES) return;
      // A disk that fails here fails the last flush as well, which is waited for.
      running = flush(this.bytes)
        .catch(() => undefined)
        .finally(() => (running = undefined));
    };
    return { now, end: async (): Promise<void> => running };
  }

  async #write(
    handle: FileHandle,
    body: AsyncIterable<Buffer>,
    flush: () => void,
    onWritten: (bytes: number) => void,
  ): Promise<void> {
    for await (const piece of body) {
      // Hashed while the disk takes it.
      const written = onDisk(this.path, () => writeAll(handle, piece, this.bytes));
      this.#hash(piece);
      await written;
      this.bytes += piece.length;
      this.#tap?.write(piece);
      onWritten(piece.length);
      flush();
    }
  }

  /** Only after the last byte: the hashes cannot go on afterwards. */
  digests(): Digests {
    const [sha256, md5] = [this.#sha256, this.#md5].map((hash) => hash.copy().digest('hex'));
    return { bytes: this.#hashedBytes, sha256: sha256!, md5: md5! };
  }

  /**
   * Gives its size and time, to be noted before it is moved.
   * @throws CHECKSUM_MISMATCH when it is not, or no longer, the file that the digests are of
   */
  async facts(): Promise<{ bytes: number; mtimeMs: number }> {
    const { size, ino, mtimeMs } = await stat(this.path);
    if (size === this.#hashedBytes && ino === this.#inode) {
      return { bytes: size, mtimeMs: Math.floor(mtimeMs) };
    }
    const expected = `the ${this.#hashedBytes} bytes that arrived`;
    const found = `${size} bytes, which another process wrote`;
    throw new ImportError('CHECKSUM_MISMATCH', { place: this.path, expected, found });
  }

  /** Moves the file to its place. */
  async keepAs(target: string): Promise<void> {
    await onDisk(target, async () => {
      await mkdir(dirname(target), { recursive: true });
      await rename(this.path, target);
      await rm(this.#notesPath, { force: true });
    });
  }

  async discard(): Promise<void> {
    await rm(this.path, { force: true });
    await rm(this.#notesPath, { force: true });
    this.bytes = 0;
  }

  async #hashUpTo(offset: number): Promise<void> {
    if (this.#hashedBytes === offset && offset > 0) return;
    this.#sha256 = createHash('sha256');
    this.#md5 = createHash('md5');
    this.#hashedBytes = 0;
    await this.#tap?.restart();
    if (offset === 0) return;
    const [end, highWaterMark, signal] = [offset - 1, 1 << 20, this.#signal];
    const before = createReadStream(this.path, { end, highWaterMark, signal });
    for await (const piece of before as AsyncIterable<Buffer>) {
      this.#hash(piece);
      this.#tap?.write(piece);
    }
  }

  #hash(piece: Buffer): void {
    this.#sha256.update(piece);
    this.#md5.update(piece);
    this.#hashedBytes += piece.length;
  }

  get #notesPath(): string {
    return `${this.path}.json`;
  }
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

/** At its place, not at the end: two processes that write the same bytes of the same file do no harm. */
async function writeAll(handle: FileHandle, piece: Buffer, position: number): Promise<void> {
  for (let done = 0; done < piece.length;) {
    const left = piece.length - done;
    done += (await handle.write(piece, done, left, position + done)).bytesWritten;
  }
}
