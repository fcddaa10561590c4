/** A new version of an archive out of an older one on this disk, and only the ranges that are new. */
import { open, type FileHandle } from 'node:fs/promises';
import type { OpenedFile, ResumePoint } from '../source/source.js';
import { readMemberSpans, type MemberSpan, type ReadRange } from './zip-directory.js';

/** Less than this is fetched with its neighbours: a request of its own costs more. */
const MIN_COPY_BYTES = 32 * 1024;
const WORTHWHILE_BYTES = 256 * 1024;
const MAX_RANGES = 100;
const COPY_BYTES = 1 << 20;
/** Position of time and date in a local header (APPNOTE 4.3.7). */
const STAMP_AT = 10;

/** A part of the new archive: to be fetched, or to be copied from a place in the older one. */
interface Part {
  readonly start: number;
  readonly end: number;
  readonly copyFrom?: number;
  readonly stamp?: Buffer;
}

export interface Assembly {
  /** The new archive's bytes from `offset` on. Only its checksum tells whether it is the right archive. */
  body(offset: number): AsyncGenerator<Buffer>;
  /** Taken from the older archive so far. */
  readonly copiedBytes: number;
  close(): Promise<void>;
}

/** Opens a range of the new archive; must throw when the other side has another file by now. */
export type OpenRange = (range: ResumePoint) => Promise<OpenedFile>;

export interface AssemblyRequest {
  /** Path of the older archive. */
  readonly basis: string;
  readonly totalBytes: number;
  readonly validator: string;
  readonly openRange: OpenRange;
  readonly signal: AbortSignal;
  /** Wraps what comes over the network. */
  readonly guard: (opened: OpenedFile) => AsyncIterable<Buffer>;
}

/** `undefined` when the two have too little in common, or the server does not give out ranges. */
export async function planAssembly(request: AssemblyRequest): Promise<Assembly | undefined> {
  const { basis, totalBytes } = request;
  // Swept in this moment, perhaps.
  const old = await open(basis).catch(() => undefined);
  if (!old) return undefined;
  let made: Assembly | undefined;
  try {
    const parts = joined(await planParts(request, old), totalBytes);
    const copies = parts.filter(({ copyFrom }) => copyFrom !== undefined);
    const saved = copies.reduce((sum, { start, end }) => sum + end - start, 0);
    if (saved >= WORTHWHILE_BYTES && parts.length - copies.length <= MAX_RANGES) {
      made = assembly(parts, request, old);
    }
  } catch {
    request.signal.throwIfAborted();
    // Not two archives in order, or no ranges: the whole file is there to be fetched.
  } finally {
    if (!made) await old.close();
  }
  return made;
}

async function planParts(request: AssemblyRequest, old: FileHandle): Promise<Part[]> {
  const oldSpans = new Map<string, MemberSpan>();
  const { size } = await old.stat();
  for (const span of await readMemberSpans(fromFile(old), size)) oldSpans.set(span.identity, span);
  const spans = await readMemberSpans(fromSource(request), request.totalBytes);
  return spans.flatMap(({ start, end, identity, stamp }) => {
    const same = oldSpans.get(identity);
    const isSame = same !== undefined && same.end - same.start === end - start;
    if (!isSame || end - start < MIN_COPY_BYTES) return [];
    return [{ start, end, copyFrom: same.start, stamp }];
  });
}

/** Fills what is not copied with parts to fetch, from the first byte to the last. */
function joined(copies: readonly Part[], totalBytes: number): Part[] {
  const parts: Part[] = [];
  let at = 0;
  for (const copy of copies) {
    if (copy.start > at) parts.push({ start: at, end: copy.start });
    parts.push(copy);
    at = copy.end;
  }
  if (at < totalBytes) parts.push({ start: at, end: totalBytes });
  return parts;
}

function assembly(parts: readonly Part[], request: AssemblyRequest, old: FileHandle): Assembly {
  let copiedBytes = 0;
  return {
    async *body(offset) {
      for (const part of parts) {
        const from = Math.max(offset, part.start);
        if (from >= part.end) continue;
        if (part.copyFrom === undefined) yield* fetched(request, from, part.end);
        else {
          for await (const piece of copied(old, part, from)) {
            request.signal.throwIfAborted();
            copiedBytes += piece.length;
            yield piece;
          }
        }
      }
    },
    get copiedBytes() {
      return copiedBytes;
    },
    close: () => old.close(),
  };
}

async function* copied(
  old: FileHandle,
  { start, end, copyFrom = 0, stamp }: Part,
  from: number,
): AsyncGenerator<Buffer> {
  const read = fromFile(old);
  for (let at = from; at < end; at += COPY_BYTES) {
    const until = Math.min(at + COPY_BYTES, end);
    const piece = await read(copyFrom + at - start, copyFrom + until - start);
    // The header tells when the member was packed: the new archive's own word for it.
    stamp?.forEach((byte, index) => {
      const place = start + STAMP_AT + index - at;
      if (place >= 0 && place < piece.length) piece[place] = byte;
    });
    yield piece;
  }
}

/** @throws Error when the source sends another range */
async function* fetched(
  { openRange, validator, totalBytes, guard }: AssemblyRequest,
  start: number,
  end: number,
): AsyncGenerator<Buffer> {
  const opened = await openRange({ offset: start, endOffset: end, validator, totalBytes });
  try {
    if (opened.offset !== start) throw new Error('the server gives out no ranges');
    let left = end - start;
    for await (const piece of guard(opened)) {
      yield piece.subarray(0, left);
      left -= Math.min(left, piece.length);
      if (left === 0) return;
    }
    throw new Error('body ended early');
  } finally {
    opened.body.destroy();
  }
}

function fromSource(request: AssemblyRequest): ReadRange {
  return async (start, end) => {
    const pieces: Buffer[] = [];
    for await (const piece of fetched(request, start, end)) pieces.push(piece);
    return Buffer.concat(pieces);
  };
}

function fromFile(file: FileHandle): ReadRange {
  return async (start, end) => {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(end - start), 0, end - start, start);
    if (bytesRead < end - start) throw new Error('the older archive is shorter than it says');
    return buffer;
  };
}
