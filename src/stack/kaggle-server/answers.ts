/** Answers in the shapes of Kaggle's API, of its gateway and of the storage host. */
import type { ServerResponse } from 'node:http';

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

/** An error as Kaggle's API words it: `{"code", "message"}`. */
export class ApiError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export function sendApiError(response: ServerResponse, status: number, message: string): void {
  sendJson(response, status, { code: status, message });
}

export function sendTooManyRequests(response: ServerResponse, retryAfterSeconds?: number): void {
  if (retryAfterSeconds !== undefined) response.setHeader('retry-after', String(retryAfterSeconds));
  const message = 'Resource has been exhausted (e.g. check quota).';
  sendJson(response, 429, { error: { code: 429, message, status: 'RESOURCE_EXHAUSTED' } });
}

export function sendStorageError(
  response: ServerResponse,
  status: number,
  code: string,
  message: string,
): void {
  const text = `<?xml version='1.0' encoding='UTF-8'?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  response.writeHead(status, {
    'content-type': 'application/xml; charset=UTF-8',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

/** What a captive portal or an outage page looks like: a web page under HTTP 200. */
export function sendWebPage(response: ServerResponse): void {
  const text =
    '<!DOCTYPE html><html><head><title>Kaggle</title></head><body>Sign in</body></html>\n';
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}
