/** A small real HTTP or HTTPS server on loopback that keeps what it was asked, for one test. */
import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface HttpServer {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly port: number;
  readonly requests: { method: string; path: string; headers: IncomingHttpHeaders }[];
}

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export async function httpServer(
  handler: Handler,
  tls?: { key: string; cert: string },
): Promise<HttpServer> {
  const requests: HttpServer['requests'] = [];
  const record: Handler = (request, response) => {
    const { method = '', url: path = '', headers } = request;
    requests.push({ method, path, headers });
    handler(request, response);
  };
  const server = tls ? createTlsServer(tls, record) : createServer(record);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  const { port } = server.address() as AddressInfo;
  return { url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`, port, requests };
}

/** Serves `body` with an ETag, ranges and If-Range; HEAD as well. */
export function serveBytes(
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
  etag = '"one"',
): void {
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const ranged = start > 0 && request.headers['if-range'] === etag;
  const part = ranged ? body.subarray(start) : body;
  response.writeHead(ranged ? 206 : 200, {
    etag,
    'content-type': 'text/csv',
    'content-length': part.length,
    ...(ranged && { 'content-range': `bytes ${start}-${body.length - 1}/${body.length}` }),
  });
  response.end(request.method === 'HEAD' ? undefined : part);
}
