/** Finds the files of a dataset that are no tables once more, and hands each over, read from where it lies. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SkippedFile } from '../types.js';
import { UnpackBudget } from './budget.js';
import { FailedFiles } from './failed-files.js';
import { filePatterns } from './file-patterns.js';
import type { UnpackRequest } from './index.js';
import type { Sink } from './write-member.js';
import { Unpacker, type Keeping } from './unpacker.js';

/** A file that is no table: in memory when it is small, else on disk for as long as `take` runs. */
export interface MemberToKeep {
  readonly path: string;
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
  readonly content: { readonly buffer: Buffer } | { readonly file: string };
}

export interface KeepRequest extends Omit<UnpackRequest, 'onProgress'> {
  /** Paths, as `unpack` has listed them. */
  readonly wanted: ReadonlySet<string>;
  readonly take: (member: MemberToKeep) => Promise<void>;
}

/** Of the largest file that is held in memory; larger ones lie on disk, one at a time. */
const MAX_MEMORY_BYTES = 16 * 1024 * 1024;

/**
 * In the order of the archives. Gives those that failed, with `on_table_failure: publish_others`.
 * @throws ARCHIVE_UNSAFE, ARCHIVE_TOO_LARGE, ARCHIVE_DAMAGED, ARCHIVE_ENCRYPTED, ARCHIVE_UNSUPPORTED, what `take` throws
 */
export async function keepMembers(request: KeepRequest): Promise<readonly SkippedFile[]> {
  const { files, entry, limits, signal, workDirectory, wanted, take } = request;
  const folder = join(workDirectory, 'keeping');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const failed: SkippedFile[] = [];
  const archives = foldersAbove(wanted);
  const budget = new UnpackBudget(limits, files);
  const keep: Keeping['keep'] = async (path, member) => {
    const onBytes = (bytes: number): void => budget.addBytes(bytes, path);
    // What says nothing of its size may be of any.
    const isSmall = member.declaredBytes > 0 && member.declaredBytes <= MAX_MEMORY_BYTES;
    const pieces: Buffer[] = [];
    const file = join(folder, 'member');
    const target = isSmall ? memorySink(pieces) : file;
    try {
      const { bytes, sha256 } = await member.write(target, { onBytes, signal });
      const content = isSmall ? { buffer: Buffer.concat(pieces) } : { file };
      await take({ path, bytes, sha256, content });
    } finally {
      if (!isSmall) await rm(file, { force: true });
    }
  };
  const unpacker = new Unpacker({
    ...{ folder, budget, signal, skipped: [], patterns: filePatterns(entry.files) },
    failures: new FailedFiles(entry.on_table_failure, failed),
    keeping: { wants: (path) => wanted.has(path), wantsBelow: (path) => archives.has(path), keep },
    onProgress: () => undefined,
  });
  try {
    await unpacker.addAll(files);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return failed;
}

function memorySink(pieces: Buffer[]): Sink {
  return {
    take: (piece) => {
      pieces.push(piece);
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
}

function foldersAbove(paths: ReadonlySet<string>): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const path of paths) {
    for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) {
      folders.add(path.slice(0, at));
    }
  }
  return folders;
}
