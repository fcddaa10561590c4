/** Unpacks the tables of a zip archive while it downloads, so that they are on disk when its last byte is. */
import { once } from 'node:events';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { projectDirectory } from '../config/places.js';
import { bootId } from '../locks/process-identity.js';
import { MEMBERS_FILE, type NotedMember, type NotedMembers } from './inflated-members.js';
import type { FromThread, Inflating, LargeMember, ToThread } from './inflate-thread.js';

/** Built, also where the sources are run as they are: a thread loads nothing else. */
const THREAD = join(projectDirectory, 'dist/cache/inflate-thread.js');

/** A smaller archive is unpacked in less time than a thread takes to start. */
const LEAST_BYTES = 4 * 1024 ** 2;
/** The thread reads pieces of this size. */
const TELL_EVERY_BYTES = 1024 ** 2;
/** Megabytes of objects: what is collected as garbage is small then, and clearing it away quick. */
const HEAP = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 8 };
/** APPNOTE 6.3.10, 4.3.7. */
const LOCAL_HEADER = Buffer.from('PK\x03\x04');

export interface InflateRules {
  /** By the names of the archive and of the member, as they come. */
  readonly wants: (archive: string, member: string) => boolean;
  /** Where the file will stand in the dataset; `isAlone` when the archive is all there is of it. */
  readonly pathOf: (archive: string, member: string, isAlone: boolean) => string;
  /** Out of one archive, all members together. */
  readonly maxBytes: number;
  /** Unpacked bytes for one packed byte. */
  readonly maxRatio: number;
}

/** A large file that is being written, until it is marked as whole (`wholeMark`) or removed. */
export interface ArrivingFile {
  /** Absolute. */
  readonly file: string;
  /** Where it will stand in the dataset. */
  readonly path: string;
  /** What it is taken to have at its end. */
  readonly expectedBytes: number;
}

export interface InflateTask {
  /** Name of the archive in its dataset. */
  readonly archive: string;
  /** No other file is downloaded with it. */
  readonly isAlone: boolean;
  /** Of the archive, as far as it is known. */
  readonly totalBytes: () => number | undefined;
  /** Told once of each. */
  readonly onArriving: (arriving: ArrivingFile) => void;
  /** Where it grows on the disk. */
  readonly file: string;
  readonly rules: InflateRules;
  /** Bytes on the disk that no download needs, this one included. */
  readonly roomLeft: () => Promise<number>;
}

/**
 * Is shown the archive's bytes in order, once they are on the disk, where a thread of its own reads them: neither
 * waits for the other. Whatever goes wrong in it (another format, a damaged or hostile archive, a full disk), nothing
 * is kept of what it has: unpacking finds out again, and says so.
 */
export class InflateAhead {
  readonly #directory: string;
  readonly #task: InflateTask;
  #head = Buffer.alloc(0);
  #bytes = 0;
  #toldBytes = 0;
  #thread: Worker | undefined;
  /** Of the thread: nothing when it has failed, or was ended. */
  #members: Promise<readonly NotedMember[] | undefined> = Promise.resolve(undefined);

  /** @param directory - its own; created when there is something to put into it */
  constructor(directory: string, task: InflateTask) {
    this.#directory = directory;
    this.#task = task;
  }

  /** The next byte is the archive's first. */
  async restart(): Promise<void> {
    await this.discard();
    [this.#bytes, this.#toldBytes] = [0, 0];
    this.#head = Buffer.alloc(0);
  }

  /** The bytes are on the disk. */
  write(piece: Buffer): void {
    this.#bytes += piece.length;
    const missing = LOCAL_HEADER.length - this.#head.length;
    if (missing > 0) this.#head = Buffer.concat([this.#head, piece.subarray(0, missing)]);
    if (this.#bytes < LEAST_BYTES || !this.#head.equals(LOCAL_HEADER)) return;
    if (!this.#thread) this.#start();
    if (this.#bytes - this.#toldBytes >= TELL_EVERY_BYTES) this.#tell(false);
  }

  /** The archive is complete and checked: what was unpacked may be used from here on. */
  async finish(): Promise<void> {
    this.#tell(true);
    const members = await this.#members;
    if (!members || members.length === 0) return this.discard();
    const file = join(this.#directory, MEMBERS_FILE);
    const noted: NotedMembers = { boot: bootId(), members };
    try {
      await writeFile(`${file}.tmp`, JSON.stringify(noted), { flush: true });
      await rename(`${file}.tmp`, file);
    } catch {
      await this.discard();
    }
  }

  /** Removes everything, also what a killed process has left. */
  async discard(): Promise<void> {
    await this.#thread?.terminate();
    this.#thread = undefined;
    await this.#members;
    await rm(this.#directory, { recursive: true, force: true });
  }

  #tell(isWhole: boolean): void {
    this.#toldBytes = this.#bytes;
    this.#say({ say: 'arrived', bytes: this.#bytes, isWhole });
  }

  #say(message: ToThread): void {
    this.#thread?.postMessage(message);
  }

  #start(): void {
    const { file, rules } = this.#task;
    const { maxBytes, maxRatio } = rules;
    const inflating: Inflating = { file, directory: this.#directory, maxBytes, maxRatio };
    const thread = new Worker(THREAD, {
      workerData: inflating,
      resourceLimits: HEAP,
      execArgv: [],
    });
    this.#thread = thread;
    let members: readonly NotedMember[] | undefined;
    thread.on('message', (message: FromThread) => {
      if (message.say === 'done') members = message.members;
      else if (message.say === 'large') this.#tellLarge(message);
      else void this.#answer(message);
    });
    this.#members = once(thread, 'exit').then(
      () => members,
      () => undefined,
    );
  }

  #tellLarge({ name, offset, bytes, packedBytes, ofPackedBytes }: LargeMember): void {
    const { archive, isAlone, rules, totalBytes, onArriving } = this.#task;
    const all = ofPackedBytes ?? (totalBytes() ?? 0) - offset;
    onArriving({
      file: join(this.#directory, String(offset)),
      path: rules.pathOf(archive, name, isAlone),
      expectedBytes: Math.ceil(bytes * Math.max(1, all / packedBytes)),
    });
  }

  async #answer(question: Exclude<FromThread, { say: 'done' | 'large' }>): Promise<void> {
    if (question.say === 'begins') {
      const { archive, rules } = this.#task;
      const isWanted = rules.wants(archive, question.name);
      if (isWanted) await mkdir(this.#directory, { recursive: true });
      return this.#say({ say: 'wanted', isWanted });
    }
    const roomLeft = await this.#task.roomLeft().catch(() => -1);
    this.#say({ say: 'room', roomLeft });
  }
}
