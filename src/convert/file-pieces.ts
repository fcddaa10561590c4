/** Reads a file from its start to its end, with the next piece on its way while one is worked on. */
import { open } from 'node:fs/promises';

const PIECE_BYTES = 1 << 20;

/**
 * A piece is only valid until the next one is asked for: two buffers serve the whole file. A stream makes a buffer for
 * each piece, and clearing them away takes as long as the reading.
 * @param start Bytes that are left out.
 */
export async function* filePieces(
  file: string,
  signal: AbortSignal,
  start = 0,
): AsyncGenerator<Buffer, void, undefined> {
  signal.throwIfAborted();
  const handle = await open(file);
  let [piece, other] = [Buffer.allocUnsafe(PIECE_BYTES), Buffer.allocUnsafe(PIECE_BYTES)];
  let at = start;
  let coming = handle.read(piece, 0, PIECE_BYTES, at);
  try {
    for (;;) {
      const { bytesRead } = await coming;
      signal.throwIfAborted();
      if (bytesRead === 0) return;
      at += bytesRead;
      coming = handle.read(other, 0, PIECE_BYTES, at);
      yield piece.subarray(0, bytesRead);
      [piece, other] = [other, piece];
    }
  } finally {
    // Nobody waits for it any more, whatever becomes of it.
    await coming.catch(() => undefined);
    await handle.close();
  }
}
