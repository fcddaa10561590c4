/** Writes a stored object's bytes to a connection, whole or with what a fault does to them. */
import { createReadStream } from 'node:fs';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from './faults.js';
import type { StoredObject } from './objects.js';
import type { ByteRange } from './ranges.js';

const TICKS_PER_SECOND = 20;

/** Ends the answer, cuts the connection or leaves it open, as the fault says. */
export async function sendBody(
  response: ServerResponse,
  object: StoredObject,
  range: ByteRange,
  fault?: Fault,
): Promise<void> {
  // A finished response has let go of its socket.
  const { socket } = response;
  const limit = fault?.kind === 'cut' || fault?.kind === 'hang' ? fault.afterBytes : undefined;
  let sent = 0;
  for await (const chunk of paced(source(object, range, fault), fault)) {
    if (response.destroyed) return;
    const part = limit === undefined ? chunk : chunk.subarray(0, limit - sent);
    sent += part.length;
    if (part.length > 0) await write(response, part);
    if (sent === limit) break;
  }
  if (fault?.kind === 'cut' && sent === limit) socket?.destroySoon();
  else if (fault?.kind === 'wrong-length') response.end(() => socket?.destroySoon());
  else if (fault?.kind !== 'hang') response.end();
}

async function* source(
  object: StoredObject,
  range: ByteRange,
  fault?: Fault,
): AsyncGenerator<Buffer> {
  if (fault?.kind === 'endless') {
    for (;;) yield Buffer.alloc(65_536, 'endless,');
  }
  if (range.end < range.start) return;
  const damaged =
    fault?.kind === 'corrupt' ? (fault.atByte ?? Math.floor(object.sizeBytes / 2)) : -1;
  let position = range.start;
  for await (const chunk of createReadStream(object.path, range) as AsyncIterable<Buffer>) {
    const at = damaged - position;
    if (at >= 0 && at < chunk.length) chunk.writeUInt8(chunk.readUInt8(at) ^ 0xff, at);
    position += chunk.length;
    yield chunk;
  }
}

async function* paced(chunks: AsyncGenerator<Buffer>, fault?: Fault): AsyncGenerator<Buffer> {
  if (fault?.kind === 'trickle') {
    for await (const chunk of chunks) {
      for (let at = 0; at < chunk.length; at += 1) {
        yield chunk.subarray(at, at + 1);
        await sleep(fault.everyMs ?? 100);
      }
    }
  } else if (fault?.kind === 'slow') yield* slowed(chunks, fault.bytesPerSecond);
  else yield* chunks;
}

/** Each piece waits until all before it are due: a fast link is as fast as it says. */
async function* slowed(
  chunks: AsyncGenerator<Buffer>,
  bytesPerSecond: number,
): AsyncGenerator<Buffer> {
  const pieceBytes = Math.max(1, Math.round(bytesPerSecond / TICKS_PER_SECOND));
  const began = performance.now();
  let sent = 0;
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += pieceBytes) {
      const piece = chunk.subarray(at, at + pieceBytes);
      yield piece;
      sent += piece.length;
      const earlyMs = began + (1000 * sent) / bytesPerSecond - performance.now();
      if (earlyMs > 0) await sleep(earlyMs);
    }
  }
}

async function write(response: ServerResponse, chunk: Buffer): Promise<void> {
  if (response.write(chunk)) return;
  // A client that goes away never drains.
  const gone = new AbortController();
  await Promise.race([
    once(response, 'drain', { signal: gone.signal }),
    once(response, 'close', { signal: gone.signal }),
  ]).finally(() => gone.abort());
}
