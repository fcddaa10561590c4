/** Takes one file out of its archive, to disk or into memory, hashing and counting its bytes on the way. */
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { Duplex, Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { ImportError } from '../../errors/index.js';

export interface WrittenMember {
  readonly bytes: number;
  /** Hex; `''` where it was not wanted. */
  readonly sha256: string;
  readonly crc32: number;
}

/** Where the bytes of a member go, in order. */
export interface Sink {
  take(piece: Buffer): Promise<void>;
  close(): Promise<void>;
}

/** A path, which must not exist, or what takes the bytes itself. */
export type Target = string | Sink;

/** `wx`: never through a link, never over another file. */
async function fileSink(path: string): Promise<Sink> {
  const file = await open(path, 'wx');
  return { take: (piece) => file.writeFile(piece), close: () => file.close() };
}

/**
 * Streams `source`, through `transform` if there is one, into a new file, or into what takes its bytes.
 * @param onBytes Called before each piece is written; throws to refuse it.
 * @param place Names the entry in errors.
 * @throws ARCHIVE_DAMAGED when the source cannot be read or inflated to its end.
 */
export async function writeMember(
  source: Readable,
  transform: Duplex | undefined,
  target: Target,
  {
    place,
    onBytes,
    signal,
    isHashed = true,
  }: {
    place: string;
    onBytes: (bytes: number) => void;
    signal: AbortSignal;
    isHashed?: boolean;
  },
): Promise<WrittenMember> {
  const hash = isHashed ? createHash('sha256') : undefined;
  let bytes = 0;
  let checksum = 0;
  let refusal: unknown;
  const file = typeof target === 'string' ? await fileSink(target) : target;
  try {
    const sink = async (pieces: AsyncIterable<Buffer>): Promise<void> => {
      for await (const piece of pieces) {
        bytes += piece.length;
        try {
          onBytes(piece.length);
        } catch (error) {
          // The pipeline would report its own abort instead of the reason for it.
          refusal = error;
          throw error;
        }
        hash?.update(piece);
        checksum = crc32(piece, checksum);
        await file.take(piece);
      }
    };
    await (transform
      ? pipeline(source, transform, sink, { signal })
      : pipeline(source, sink, { signal }));
  } catch (error) {
    throw refusal ?? asDamage(error, place);
  } finally {
    await file.close();
  }
  return { bytes, sha256: hash?.digest('hex') ?? '', crc32: checksum };
}

/** Failures of the disk, aborts and errors with a code stay what they are; the rest is the archive's fault. */
export function asDamage(error: unknown, place: string): unknown {
  if (error instanceof ImportError || !(error instanceof Error)) return error;
  if (error.name === 'AbortError' || 'syscall' in error) return error;
  return new ImportError('ARCHIVE_DAMAGED', { place, found: error.message, cause: error });
}
