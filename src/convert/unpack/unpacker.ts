/** Walks downloaded files and the archives in them, and puts every possible table on disk. */
import { constants, createReadStream } from 'node:fs';
import { copyFile, link, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { CachedFile, InflatedMember } from '../../cache/types.js';
import type { SkippedFile } from '../types.js';
import type { UnpackBudget } from './budget.js';
import {
  containerByName,
  decompressor,
  detectContainer,
  withoutContainerExtension,
  type Container,
} from './container.js';
import { isSystemFile } from './entry-name.js';
import type { FailedFiles } from './failed-files.js';
import { NOT_WANTED, type FilePatterns } from './file-patterns.js';
import { downloadedMember, memberPath, type ArchiveMember, type TakeRoom } from './member.js';
import { readTar } from './tar.js';
import { reasonToSkip } from './skipped-by-name.js';
import { extensionOf } from './table-kind.js';
import { asDamage, writeMember } from './write-member.js';
import { zipMembers } from './zip.js';

/** A file on disk, under a number instead of its name: no name from outside ever reaches the file system. */
export interface UnpackedFile {
  /** Its path in the dataset, archives within it as folders. */
  readonly path: string;
  readonly absolutePath: string;
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
  /** What a person should know of it, in words. */
  readonly remark?: string;
}

export interface UnpackerOptions {
  /** An existing, empty folder. */
  readonly folder: string;
  readonly budget: UnpackBudget;
  readonly patterns: FilePatterns;
  readonly failures: FailedFiles;
  /** Instead of tables, what is no table is looked for. */
  readonly keeping?: Keeping;
  /** What is no table is added to it. */
  readonly skipped: SkippedFile[];
  readonly signal: AbortSignal;
  readonly room?: TakeRoom;
  readonly onProgress: (progress: { bytes: number; file?: string }) => void;
}

/** Takes the files that are no tables, from where they lie. */
export interface Keeping {
  wants(path: string): boolean;
  /** Some that it wants lie in an archive of this path. */
  wantsBelow(path: string): boolean;
  keep(path: string, member: Pick<ArchiveMember, 'declaredBytes' | 'write'>): Promise<void>;
}

export class Unpacker {
  readonly files: UnpackedFile[] = [];
  #next = 1;

  constructor(private readonly options: UnpackerOptions) {}

  /** One after the other. The one archive that is the whole dataset is no folder of its own. */
  async addAll(files: readonly CachedFile[]): Promise<void> {
    const { failures, signal } = this.options;
    for (const file of files) {
      signal.throwIfAborted();
      const isWhole = files.length === 1 && containerByName(file.path) !== undefined;
      const add = () => this.#addDownloaded(file, isWhole ? '' : file.path);
      await failures.attempt(file.path, file.bytes, add);
    }
  }

  /** @param path Its path in the dataset; `''` for the one archive that is the dataset. */
  async #addDownloaded(file: CachedFile, path: string): Promise<void> {
    const container = await this.#containerOf(file.absolutePath, file.path);
    const { keeping } = this.options;
    const own = path === '' ? file.path : path;
    if (keeping && container !== 'zip' && container !== 'tar') {
      if (keeping.wants(own)) return keeping.keep(own, downloadedMember(file));
    }
    if (container) {
      return this.#open(container, file.absolutePath, path, file.path, 0, file.inflated);
    }
    if (keeping || this.#skips(own, own, file.bytes)) return;
    const absolutePath = this.#numbered(own);
    // A hard link costs nothing, and keeps the bytes when the cache drops its name.
    await link(file.absolutePath, absolutePath).catch(() =>
      copyFile(file.absolutePath, absolutePath, constants.COPYFILE_EXCL),
    );
    this.files.push({ path: own, absolutePath, bytes: file.bytes, sha256: file.sha256 });
  }

  async #open(
    container: Container,
    absolutePath: string,
    path: string,
    name: string,
    depth: number,
    inflated: readonly InflatedMember[] = [],
  ): Promise<void> {
    this.options.budget.checkNesting(depth, name);
    if (container === 'zip') {
      const onEntry = (place: string): void => this.options.budget.seeEntry(place);
      for await (const member of zipMembers(absolutePath, name, onEntry, inflated)) {
        await this.#addMember(member, path, name, depth);
      }
      return;
    }
    const source = createReadStream(absolutePath, { highWaterMark: 1 << 20 });
    try {
      if (container === 'tar') await this.#openTar(source, path, name, depth);
      else await this.#decompress(container, source, path, name, depth);
    } finally {
      source.destroy();
    }
  }

  async #openTar(
    source: AsyncIterable<Buffer>,
    path: string,
    name: string,
    depth: number,
  ): Promise<void> {
    const { budget, signal } = this.options;
    const abortable = async function* (): AsyncGenerator<Buffer> {
      for await (const piece of source) {
        signal.throwIfAborted();
        yield piece;
      }
    };
    await readTar(
      abortable(),
      name,
      (place) => budget.seeEntry(place),
      (member) => this.#addMember(member, path, name, depth),
    );
  }

  /** One compressed file: of a tar each member, of anything else the file itself. */
  async #decompress(
    container: 'gzip' | 'zstd',
    source: Readable,
    path: string,
    name: string,
    depth: number,
  ): Promise<void> {
    const { budget, signal } = this.options;
    const inner = withoutContainerExtension(name);
    const inflate = decompressor(container, name);
    if (extensionOf(inner) === 'tar') {
      source.on('error', (error) => inflate.destroy(error));
      const counted = async function* (): AsyncGenerator<Buffer> {
        for await (const piece of source.pipe(inflate) as AsyncIterable<Buffer>) {
          // Counted here, so that members nobody wants cannot hide a bomb.
          budget.expect(piece.length, name);
          yield piece;
        }
      };
      return this.#openTar(counted(), path, name, depth);
    }
    budget.seeEntry(name);
    const member: ArchiveMember = {
      name,
      declaredBytes: 0,
      write: (to, { onBytes }) =>
        writeMember(source, inflate, to, { place: name, onBytes, signal }),
    };
    // `data.csv.gz` is a table of that very path, not a folder that holds one.
    const own = path === '' ? name : path;
    await this.#place(member, { path: own, content: inner, place: name, depth });
  }

  #addMember(member: ArchiveMember, parent: string, archive: string, depth: number): Promise<void> {
    const path = memberPath(parent, member.name);
    const place = `${archive}, entry ${JSON.stringify(member.name)}`;
    return this.#place(member, { path, content: path, place, depth });
  }

  /** @param at `content` is the path as its content would be called: `data.csv` for `data.csv.gz`. */
  async #place(
    member: ArchiveMember,
    at: { path: string; content: string; place: string; depth: number },
  ): Promise<void> {
    const { budget, signal, onProgress, failures, keeping, room } = this.options;
    const { path, content, place, depth } = at;
    signal.throwIfAborted();
    if (keeping?.wants(path)) {
      budget.expect(member.declaredBytes, place);
      return failures.attempt(path, member.declaredBytes, () => keeping.keep(path, member));
    }
    if (keeping ? !keeping.wantsBelow(path) : this.#skips(path, content, member.declaredBytes)) {
      return;
    }
    budget.addEntry(place);
    budget.expect(member.declaredBytes, place);
    const absolutePath = this.#numbered(content);
    let isWanted = false;
    await failures.attempt(path, member.declaredBytes, async () => {
      const { bytes, sha256 } = await member.write(absolutePath, {
        signal,
        ...(room && { room }),
        onBytes: (more) => {
          budget.addBytes(more, place);
          onProgress({ bytes: budget.bytes, file: path });
        },
      });
      const container = await this.#containerOf(absolutePath, content);
      if (container) return this.#open(container, absolutePath, path, path, depth + 1);
      if (keeping) return;
      isWanted = true;
      const { remark } = member;
      const told = remark === undefined ? {} : { remark };
      this.files.push({ path, absolutePath, bytes, sha256, ...told });
    });
    if (!isWanted) await rm(absolutePath, { force: true });
  }

  async #containerOf(absolutePath: string, name: string): Promise<Container | undefined> {
    try {
      return await detectContainer(absolutePath, name);
    } catch (error) {
      throw asDamage(error, name);
    }
  }

  #skips(path: string, content: string, bytes: number): boolean {
    const reason = reasonToSkip(this.options.patterns, path, content);
    if (reason === undefined) return false;
    const isKept = !isSystemFile(path) && reason !== NOT_WANTED;
    this.options.skipped.push({ originalPath: path, bytes, reason, ...(isKept && KEEPS) });
    return true;
  }

  #numbered(path: string): string {
    const extension = extensionOf(path);
    const number = String(this.#next++).padStart(6, '0');
    return join(this.options.folder, extension === '' ? number : `${number}.${extension}`);
  }
}

const KEEPS = { keeps: true } as const;
