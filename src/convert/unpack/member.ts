/** One file inside an archive, whatever the archive's format. */
import { createReadStream } from 'node:fs';
import { posix } from 'node:path';
import type { CachedFile } from '../../cache/types.js';
import { containerByName } from './container.js';
import { writeMember, type Target, type WrittenMember } from './write-member.js';

/** Before bytes are written to the disk; the answer is called when they are. */
export type TakeRoom = (bytes: number) => Promise<() => Promise<void>>;

export interface WriteOptions {
  readonly onBytes: (bytes: number) => void;
  readonly signal: AbortSignal;
  readonly room?: TakeRoom;
  /** Whether anybody reads its SHA-256. @default true */
  readonly isHashed?: boolean;
}

export interface ArchiveMember {
  /** Checked by `safeEntryName`. */
  readonly name: string;
  /** What a person should know of it, in words. */
  readonly remark?: string;
  /** What the archive says of it; not to be trusted. */
  readonly declaredBytes: number;
  /** Unpacks it. A member that is not written costs nothing. */
  write(target: Target, options: WriteOptions): Promise<WrittenMember>;
}

export async function inRoom<Result>(
  room: TakeRoom | undefined,
  bytes: number,
  work: () => Promise<Result>,
): Promise<Result> {
  const giveBack = await room?.(bytes);
  try {
    return await work();
  } finally {
    await giveBack?.();
  }
}

/** A file that is in no archive, as if it were. */
export function downloadedMember({
  absolutePath,
  bytes,
  path,
}: CachedFile): Pick<ArchiveMember, 'declaredBytes' | 'write'> {
  return {
    declaredBytes: bytes,
    write: (target, { onBytes, signal }) =>
      writeMember(createReadStream(absolutePath), undefined, target, {
        ...{ place: path, onBytes, signal },
      }),
  };
}

/** Kaggle hands out `b/c.csv` zipped under that very name: the member of that name is the file, not in it. */
export function memberPath(parent: string, name: string): string {
  if (parent === '') return name;
  const isWrapping = containerByName(parent) === undefined && posix.basename(parent) === name;
  return isWrapping ? parent : `${parent}/${name}`;
}
