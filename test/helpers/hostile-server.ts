/** A server that misbehaves at random, from a seed: wrong ranges, cuts, other versions, other encodings. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { noiseBytes } from './noise-bytes.js';

/** 0 or more, below `limit`. */
export type Dice = (limit: number) => number;

/** Mulberry32: small, and the same numbers for the same seed everywhere. */
export function diceOf(seed: number): Dice {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

interface Version {
  readonly bytes: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

const PIECE_BYTES = 16_384;

export interface HostileServer {
  readonly url: string;
  /** What the file is or was, by the ETag without quotes. */
  readonly versions: ReadonlyMap<string, Buffer>;
  /** From here on it behaves, and keeps the version it has. */
  calm(): void;
  close(): Promise<void>;
}

/** One file, in versions that follow each other now and then. */
export async function startHostileServer(seed: number): Promise<HostileServer> {
  const dice = diceOf(seed);
  const versions = new Map<string, Buffer>();
  let isCalm = false;
  let current = nextVersion();

  function nextVersion(): Version {
    const number = versions.size;
    // Sometimes of the same size: then only the validator tells.
    const size = 150_000 + (dice(3) === 0 ? dice(200_000) : 0);
    const bytes = noiseBytes(size, `${seed} ${number}`);
    const tag = `${seed}-${number}`;
    versions.set(tag, bytes);
    return { bytes, headers: { etag: `"${tag}"` } };
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const fault = isCalm ? 99 : dice(18);
    if (fault === 0) current = nextVersion();
    if (request.method === 'HEAD') {
      const { bytes, headers } = current;
      response.writeHead(200, { ...headers, 'content-length': bytes.length }).end();
      return;
    }
    if (fault === 1) return void request.socket.destroy();
    if (fault === 2) return void response.writeHead(503).end('busy');
    const { bytes, headers } = current;
    const [, from] = /^bytes=(\d+)-/.exec(request.headers.range ?? '') ?? [];
    const asked = Number(from ?? 0);
    const isSame = request.headers['if-range'] === headers['etag'] || fault === 3;
    let ranged = from !== undefined && isSame && fault !== 4;
    if (ranged && asked >= bytes.length) {
      return void response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end();
    }
    let start = ranged ? asked : 0;
    if (fault === 5 && ranged) start = Math.max(0, start - 1 - dice(1000));
    if (fault === 6) [ranged, start] = [true, dice(bytes.length)];
    let body = bytes.subarray(start);
    const total = fault === 7 ? bytes.length + 1 + dice(100) : bytes.length;
    const range = { 'content-range': `bytes ${start}-${bytes.length - 1}/${total}` };
    const sent: Record<string, string | number> = { ...headers, ...(ranged && range) };
    if (fault === 8) delete sent['etag'];
    if (fault === 9) sent['etag'] = `W/${headers['etag']}`;
    if (fault === 10 && ranged) delete sent['content-range'];
    if (fault === 11 && ranged) {
      sent['content-type'] = 'multipart/byteranges; boundary=x';
      delete sent['content-range'];
    }
    if (fault === 12) {
      body = gzipSync(body);
      sent['content-encoding'] = 'gzip';
    }
    // Somebody writes to the file while it is sent: the headers are those of before.
    const torn = fault === 13 ? nextVersion() : undefined;
    if (fault !== 14) sent['content-length'] = body.length;
    const cutAt = !isCalm && dice(3) === 0 ? dice(body.length) : Infinity;
    response.writeHead(ranged ? 206 : 200, sent);
    for (let at = 0; at < body.length && !response.destroyed; at += PIECE_BYTES) {
      if (torn && at * 2 > body.length && current !== torn) {
        current = torn;
        const rest = torn.bytes.subarray(start, start + body.length);
        if (fault === 13) body = Buffer.concat([body.subarray(0, at), rest.subarray(at)]);
      }
      if (at >= cutAt) return void request.socket.destroy();
      response.write(body.subarray(at, at + PIECE_BYTES));
      if (dice(4) === 0) await sleep(1);
    }
    response.end();
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => request.socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    versions,
    calm: () => (isCalm = true),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
