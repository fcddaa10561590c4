/** One file inside an archive, whatever the archive's format. */
import type { Target, WrittenMember } from './write-member.js';

/** Before bytes are written to the disk; the answer is called when they are. */
export type TakeRoom = (bytes: number) => Promise<() => Promise<void>>;

export interface WriteOptions {
  readonly onBytes: (bytes: number) => void;
  readonly signal: AbortSignal;
  readonly room?: TakeRoom;
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
