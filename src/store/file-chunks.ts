/** Reads a file in chunks for an upload, and hands out the last one only if the whole file is what it should be. */
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { ImportError } from '../errors/index.js';

/** Enough for few requests, little enough to hold one in memory for each of several uploads. */
const CHUNK_BYTES = 16 * 1024 * 1024;
/** S3 takes 10,000 parts, Azure 50,000 blocks. */
const MAX_CHUNKS = 10_000;

/** Bytes in a chunk of a file of this size; all chunks but the last have it. */
export function chunkBytes(fileBytes: number): number {
  return Math.max(CHUNK_BYTES, Math.ceil(fileBytes / MAX_CHUNKS));
}

/** Else a file is one request, and leaves nothing behind when it is cut off. */
export function isUploadedInParts(fileBytes: number): boolean {
  return fileBytes > chunkBytes(fileBytes);
}

export interface Expectation {
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
  readonly signal: AbortSignal;
}

/**
 * Gives one chunk at least, an empty one for an empty file. Throws OBJECT_VERIFY_FAILED instead of giving the
 * last chunk when size or SHA-256 differ, so a caller that commits after the last chunk never commits a
 * changed file.
 */
export async function* readChunks(
  filePath: string,
  { bytes, sha256, signal }: Expectation,
): AsyncGenerator<Buffer> {
  const size = chunkBytes(bytes);
  const digest = createHash('sha256');
  const file = await open(filePath, 'r');
  try {
    const found = (await file.stat()).size;
    if (found !== bytes) throw changed(filePath, `${bytes} bytes`, `${found} bytes`);
    for (let position = 0, last = false; !last; position += size) {
      signal.throwIfAborted();
      // A fresh buffer each time: the one before may still be on its way to the store.
      const buffer = Buffer.allocUnsafe(Math.min(size, bytes - position));
      const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
      if (bytesRead < buffer.length) {
        throw changed(filePath, `${bytes} bytes`, `${position + bytesRead} bytes`);
      }
      digest.update(buffer);
      last = position + buffer.length >= bytes;
      const sum = last ? digest.digest('hex') : sha256;
      if (sum !== sha256) throw changed(filePath, `SHA-256 ${sha256}`, sum);
      yield buffer;
    }
  } finally {
    await file.close();
  }
}

function changed(place: string, expected: string, found: string): ImportError {
  return new ImportError('OBJECT_VERIFY_FAILED', { place, expected, found });
}
