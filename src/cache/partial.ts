/** A file on its way: the bytes so far, what the source said of them, and their checksums. */
import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ResumePoint } from '../source/source.js';
import { onDisk } from './failures.js';

/** Is shown every byte of the file once, in order, also those that were on disk already. */
export interface ByteTap {
  restart(): Promise<void>;
  write(piece: Buffer): Promise<void>;
}

interface Notes {
  readonly validator?: string;
}

/** Lives through retries; a new one for the same file continues what a dead process left. */
export class PartialFile {
  readonly path: string;
  /** Bytes on disk. */
  bytes = 0;
  #hashedBytes = 0;
  #sha256: Hash = createHash('sha256');
  #md5: Hash = createHash('md5');
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
    this.bytes = await stat(this.path).then(
      ({ size }) => size,
      () => 0,
    );
    if (this.bytes === 0) return undefined;
    const validator = await this.#notedValidator();
    return validator === undefined ? undefined : { offset: this.bytes, validator };
  }

  /**
   * Writes the body behind `offset`, which is 0 or the number of bytes on disk.
   * @param onWritten - called with the size of each piece once it is on disk
   */
  async append(
    body: AsyncIterable<Buffer>,
    { offset, validator }: { offset: number; validator?: string | undefined },
    onWritten: (bytes: number) => void,
  ): Promise<void> {
    // Of a download that goes on they stay: a host that dies before the next byte must not cost those before it.
    const isNoted =
      offset > 0 && validator !== undefined && validator === (await this.#notedValidator());
    await onDisk(this.path, async () => {
      await mkdir(dirname(this.path), { recursive: true });
      // Notes first: bytes beside the notes of another file would be continued with that one.
      if (!isNoted) await rm(this.#notesPath, { force: true });
    });
    await this.#hashUpTo(offset);
    const handle = await onDisk(this.path, () => open(this.path, offset === 0 ? 'w' : 'a'));
    try {
      this.bytes = offset;
      const notes: Notes = validator === undefined ? {} : { validator };
      if (!isNoted)
        await onDisk(this.path, () => writeFile(this.#notesPath, JSON.stringify(notes)));
      for await (const chunk of body) {
        await onDisk(this.path, () => handle.appendFile(chunk));
        this.bytes += chunk.length;
        await this.#take(chunk);
        onWritten(chunk.length);
      }
      await onDisk(this.path, () => handle.sync());
    } finally {
      await handle.close();
    }
  }

  /** Hex. Only after the last byte: the hashes cannot go on afterwards. */
  digests(): { sha256: string; md5: string } {
    return { sha256: this.#sha256.copy().digest('hex'), md5: this.#md5.copy().digest('hex') };
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
    for await (const chunk of before) await this.#take(chunk as Buffer);
  }

  async #take(chunk: Buffer): Promise<void> {
    this.#sha256.update(chunk);
    this.#md5.update(chunk);
    this.#hashedBytes += chunk.length;
    await this.#tap?.write(chunk);
  }

  async #notedValidator(): Promise<string | undefined> {
    return parseNotes(await readFile(this.#notesPath, 'utf8').catch(() => '{}')).validator;
  }

  get #notesPath(): string {
    return `${this.path}.json`;
  }
}

function parseNotes(text: string): Notes {
  try {
    return JSON.parse(text) as Notes;
  } catch {
    return {};
  }
}
