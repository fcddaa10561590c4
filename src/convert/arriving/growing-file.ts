/** Reads a file that another process still writes: what is there at once, the rest as it comes. */
import { access, open, stat, type FileHandle } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { wholeMark } from '../../cache/whole-mark.js';

const PIECE_BYTES = 1 << 20;
const LOOK_EVERY_MS = 10;
/** Of a download that brings nothing for so long, nothing is worth holding room for. */
const PATIENCE_MS = 30_000;

export interface GrowingFile {
  /** Absolute: where the other process has it, until it is taken over, or removed. */
  readonly written: string;
  /** A hard link of our own to it. */
  readonly file: string;
}

/**
 * A piece is only valid until the next one is asked for, as in `file-pieces.ts`.
 * @throws Error when the file is removed before it is whole, or does not grow any more
 */
export async function* growingPieces(
  growing: GrowingFile,
  signal: AbortSignal,
): AsyncGenerator<Buffer, void, undefined> {
  const left = new AbortController();
  const stop = AbortSignal.any([signal, left.signal]);
  const handle = await open(growing.file);
  let [piece, other] = [Buffer.allocUnsafe(PIECE_BYTES), Buffer.allocUnsafe(PIECE_BYTES)];
  let at = 0;
  let coming = readSome(handle, growing, piece, at, stop);
  try {
    for (;;) {
      const bytes = await coming;
      signal.throwIfAborted();
      if (bytes === 0) return;
      at += bytes;
      coming = readSome(handle, growing, other, at, stop);
      yield piece.subarray(0, bytes);
      [piece, other] = [other, piece];
    }
  } finally {
    left.abort();
    await coming.catch(() => undefined);
    await handle.close();
  }
}

/** Its first bytes, as soon as there are so many; fewer of a file that is whole before. Throws as `growingPieces`. */
export async function firstBytes(
  growing: GrowingFile,
  bytes: number,
  signal: AbortSignal,
): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let left = bytes;
  for await (const piece of growingPieces(growing, signal)) {
    pieces.push(Buffer.from(piece.subarray(0, left)));
    left -= piece.length;
    if (left <= 0) break;
  }
  return Buffer.concat(pieces);
}

/** 0 at the end. */
async function readSome(
  handle: FileHandle,
  { written }: GrowingFile,
  into: Buffer,
  at: number,
  signal: AbortSignal,
): Promise<number> {
  const deadline = Date.now() + PATIENCE_MS;
  for (let isWhole = false; ;) {
    const { bytesRead } = await handle.read(into, 0, into.length, at);
    if (bytesRead > 0 || isWhole) return bytesRead;
    // Then once more: what was written before the mark was made is read after it.
    isWhole = await hasEnded(handle, written);
    if (isWhole) continue;
    if (Date.now() > deadline) throw new Error(`${written} does not grow any more`);
    await sleep(LOOK_EVERY_MS, undefined, { signal });
  }
}

/** Whoever takes a whole file over has linked it before it is removed, with its mark. */
async function hasEnded(handle: FileHandle, written: string): Promise<boolean> {
  const isMarked = await exists(wholeMark(written));
  const { ino, nlink } = await handle.stat();
  const there = await stat(written).catch(() => undefined);
  if (there?.ino === ino) return isMarked;
  // One link is our own.
  if (nlink > 1) return true;
  throw new Error(`${written} was removed before it was whole`);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
