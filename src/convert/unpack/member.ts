/** One file inside an archive, whatever the archive's format. */
import type { Target, WrittenMember } from './write-member.js';

export interface ArchiveMember {
  /** Checked by `safeEntryName`. */
  readonly name: string;
  /** What a person should know of it, in words. */
  readonly remark?: string;
  /** What the archive says of it; not to be trusted. */
  readonly declaredBytes: number;
  /** Unpacks it. A member that is not written costs nothing. */
  write(
    target: Target,
    options: { onBytes: (bytes: number) => void; signal: AbortSignal },
  ): Promise<WrittenMember>;
}
