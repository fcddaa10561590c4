/** The record of served calls, credentials redacted. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { redact } from './authentication.js';
import type { RequestLog } from './types.js';

const CREDENTIAL_HEADERS = new Set(['authorization', 'proxy-authorization', 'cookie']);

/** Of a server that runs for months, the newest calls are the ones that anybody looks at. */
const MAX_KEPT = 10_000;

export type OpenRequestLog = { -readonly [Key in keyof RequestLog]: RequestLog[Key] };

/** Adds the call to `log` at once; status and bytes follow as the answer is written. The oldest goes when there are many. */
export function record(
  log: OpenRequestLog[],
  host: RequestLog['host'],
  request: IncomingMessage,
  response: ServerResponse,
): OpenRequestLog {
  const entry: OpenRequestLog = {
    host,
    method: request.method ?? '',
    path: (request.url ?? '').split('?', 1)[0] ?? '',
    headers: headersOf(request),
    status: 0,
    bytes: 0,
  };
  log.push(entry);
  if (log.length > MAX_KEPT) log.shift();
  const writeHead = response.writeHead.bind(response) as (...args: unknown[]) => ServerResponse;
  response.writeHead = (status: number, ...rest: unknown[]) => {
    entry.status = status;
    return writeHead(status, ...rest);
  };
  for (const method of ['write', 'end'] as const) {
    const original = response[method].bind(response) as (...args: unknown[]) => never;
    response[method] = (chunk?: unknown, ...rest: unknown[]) => {
      if (request.method !== 'HEAD') entry.bytes += sizeOf(chunk);
      return original(chunk, ...rest);
    };
  }
  return entry;
}

function sizeOf(chunk: unknown): number {
  if (typeof chunk === 'string') return Buffer.byteLength(chunk);
  return chunk instanceof Uint8Array ? chunk.byteLength : 0;
}

function headersOf(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => {
      const text = Array.isArray(value) ? value.join(', ') : (value ?? '');
      return [name, CREDENTIAL_HEADERS.has(name) ? redact(text) : text];
    }),
  );
}
