/** Unpacks the tables of a zip archive while it downloads, so that they are on disk when its last byte is. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { InflatedMember } from './types.js';
import {
  readZipStream,
  type MemberSink,
  type StreamedHeader,
  type StreamedMember,
} from './zip-stream.js';

const MEMBERS_FILE = 'members.json';
const LOOK_AT_DISK_EVERY_BYTES = 32 * 1024 ** 2;

export interface InflateRules {
  /** By the names of the archive and of the member, as they come. */
  readonly wants: (archive: string, member: string) => boolean;
  /** Out of one archive, all members together. */
  readonly maxBytes: number;
  /** Unpacked bytes for one packed byte. */
  readonly maxRatio: number;
}

type NotedMember = Omit<InflatedMember, 'absolutePath'>;

export interface InflateTask {
  /** Name of the archive in its dataset. */
  readonly archive: string;
  readonly rules: InflateRules;
  /** Bytes on the disk that no download needs, this one included. */
  readonly roomLeft: () => Promise<number>;
}

/**
 * Takes the archive's bytes in order. Whatever goes wrong here (another format, a damaged or hostile
 * archive, a full disk), it gives up and removes what it has: unpacking finds out again, and says so.
 */
export class InflateAhead {
  readonly #directory: string;
  readonly #archive: string;
  readonly #rules: InflateRules;
  readonly #roomLeft: () => Promise<number>;
  #pieces: PassThrough | undefined;
  #work: Promise<void> = Promise.resolve();
  #members: NotedMember[] = [];
  #receivedBytes = 0;
  #bytes = 0;
  #lookAgainAtBytes = 0;

  /** @param directory - its own; created when there is something to put into it */
  constructor(directory: string, { archive, rules, roomLeft }: InflateTask) {
    this.#directory = directory;
    this.#archive = archive;
    this.#rules = rules;
    this.#roomLeft = roomLeft;
  }

  /** The next byte is the archive's first. */
  async restart(): Promise<void> {
    await this.discard();
    const pieces = new PassThrough({ highWaterMark: 4 << 20 });
    this.#pieces = pieces;
    this.#work = readZipStream(pieces, (header) => this.#sinkFor(header))
      .catch(() => this.#giveUp())
      .finally(() => pieces.destroy());
  }

  async write(piece: Buffer): Promise<void> {
    const pieces = this.#pieces;
    this.#receivedBytes += piece.length;
    if (!pieces || pieces.destroyed || pieces.write(piece)) return;
    await Promise.race([once(pieces, 'drain').catch(() => undefined), this.#work]);
  }

  /** The archive is complete and checked: what was unpacked may be used from here on. */
  async finish(): Promise<void> {
    this.#pieces?.end();
    await this.#work;
    if (this.#members.length === 0) return this.discard();
    const file = join(this.#directory, MEMBERS_FILE);
    try {
      await writeFile(`${file}.tmp`, JSON.stringify(this.#members), { flush: true });
      await rename(`${file}.tmp`, file);
    } catch {
      await this.discard();
    }
  }

  /** Removes everything, also what a killed process has left. */
  async discard(): Promise<void> {
    this.#pieces?.destroy();
    await this.#work;
    await this.#giveUp();
  }

  async #giveUp(): Promise<void> {
    this.#members = [];
    [this.#receivedBytes, this.#bytes, this.#lookAgainAtBytes] = [0, 0, 0];
    await rm(this.#directory, { recursive: true, force: true });
  }

  async #sinkFor({ offset, name }: StreamedHeader): Promise<MemberSink | undefined> {
    if (name.endsWith('/') || !this.#rules.wants(this.#archive, name)) return undefined;
    await mkdir(this.#directory, { recursive: true });
    // Under a number: no name from outside reaches the file system.
    const file = join(this.#directory, String(offset));
    const handle = await open(file, 'wx');
    const sha256 = createHash('sha256');
    return {
      write: async (piece) => {
        this.#bytes += piece.length;
        await this.#requireRoom();
        // Hashed while the disk takes it.
        const written = handle.appendFile(piece);
        sha256.update(piece);
        await written;
      },
      end: async (member) => {
        try {
          if (!member) return;
          // After a power cut, a file of the right size could hold anything.
          await handle.sync();
          const { mtimeMs } = await handle.stat();
          this.#members.push({
            ...facts(member),
            sha256: sha256.digest('hex'),
            mtimeMs: Math.floor(mtimeMs),
          });
        } finally {
          await handle.close();
        }
      },
    };
  }

  async #requireRoom(): Promise<void> {
    const { maxBytes, maxRatio } = this.#rules;
    if (this.#bytes > Math.min(maxBytes, maxRatio * this.#receivedBytes)) {
      throw new Error('more than may be unpacked');
    }
    if (this.#bytes < this.#lookAgainAtBytes) return;
    if ((await this.#roomLeft()) < 0) throw new Error('the downloads need the room');
    this.#lookAgainAtBytes = this.#bytes + LOOK_AT_DISK_EVERY_BYTES;
  }
}

function facts({ offset, method, packedBytes, bytes, crc32 }: StreamedMember) {
  return { offset, method, packedBytes, bytes, crc32 };
}

/** What is unpacked already of an archive: nothing, unless its download was finished. */
export async function readInflated(directory: string): Promise<InflatedMember[]> {
  try {
    const text = await readFile(join(directory, MEMBERS_FILE), 'utf8');
    const found: InflatedMember[] = [];
    for (const member of JSON.parse(text) as NotedMember[]) {
      const absolutePath = join(directory, String(member.offset));
      const { size, mtimeMs } = await stat(absolutePath);
      const isUnchanged = size === member.bytes && Math.floor(mtimeMs) === member.mtimeMs;
      if (isUnchanged) found.push({ ...member, absolutePath });
    }
    return found;
  } catch {
    return [];
  }
}
