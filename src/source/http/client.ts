/** HTTP for all sources: time limits, guarded addresses, and redirects that carry no secret along. */
import { request, type Dispatcher } from 'undici';
import { ImportError } from '../../errors/index.js';
import { createDispatcher } from '../../network/dispatcher.js';
import { systemCode } from '../../network/trouble.js';
import type { HttpOptions, SentRequest } from '../options.js';
import { requestFailure, statusFailure } from './failures.js';
import { publicLookup, refusePrivateLiteral } from './private-addresses.js';

const TIMEOUTS = { connectMs: 20_000, headersMs: 60_000, bodyIdleMs: 60_000 };
const MAX_REDIRECTS = 8;
const MAX_TEXT_BYTES = 32e6;
const LEAVE_MS = 2000;
const LEAVE_BYTES = 16_384;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const CUT = new Set(['ECONNRESET', 'UND_ERR_SOCKET', 'EPIPE']);

export interface HttpRequest {
  readonly url: string;
  readonly method?: 'GET' | 'HEAD' | 'POST';
  /** Names in lower case. `authorization` is sent to the first origin only. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** `return` hands a redirect to the caller; the default follows it. */
  readonly redirect?: 'follow' | 'return';
  readonly signal: AbortSignal;
}

export interface HttpResponse {
  readonly status: number;
  readonly header: (name: string) => string | undefined;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Dispatcher.ResponseData['body'];
  /** Where redirects ended. */
  readonly url: string;
  /** For an answer that is no file, to its last byte: silence alone does not tell one that trickles. */
  readonly answerMs: number;
}

export interface HttpClient {
  /** Follows redirects; any final status is a response. Throws only when there is none. */
  send(request: HttpRequest): Promise<HttpResponse>;
  close(): Promise<void>;
}

/** @param guarded - refuses private addresses, at every hop */
export function createHttpClient(options: HttpOptions, guarded: boolean): HttpClient {
  const timeouts = { ...TIMEOUTS, ...options.timeouts };
  const dispatcher = createDispatcher(options, timeouts, guarded ? publicLookup : undefined);

  async function once(hop: HttpRequest): Promise<HttpResponse> {
    const { url, method = 'GET', headers, body, signal } = hop;
    const send = async () => {
      const report = (outcome: SentRequest['outcome']): void =>
        options.onRequest?.({ host: new URL(url).host, outcome });
      try {
        const answer = await request(url, {
          method,
          dispatcher,
          signal,
          headers: { 'user-agent': options.userAgent, 'accept-encoding': 'identity', ...headers },
          ...(body !== undefined && { body }),
        });
        report(outcomeOf(answer.statusCode));
        return answer;
      } catch (error) {
        report('failed');
        throw error;
      }
    };
    try {
      // A kept-alive connection may have been closed by the other side just now: once more.
      const answer = await send().catch((error: unknown) => {
        if (signal.aborted || !CUT.has(systemCode(error) ?? '')) throw error;
        return send();
      });
      const all = Object.entries(answer.headers).map(([name, value]) => [name, String(value)]);
      const headers = Object.fromEntries(all) as Record<string, string>;
      const header = (name: string): string | undefined => headers[name];
      const { statusCode: status, body: received } = answer;
      return { status, header, headers, body: received, url, answerMs: timeouts.headersMs };
    } catch (error) {
      throw requestFailure(error, displayUrl(url), signal);
    }
  }

  return {
    async send(first) {
      let hop = first;
      for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
        const url = parseUrl(hop.url);
        if (guarded) refusePrivateLiteral(url);
        const response = await once(hop);
        const location = response.header('location');
        const isRedirect = REDIRECTS.has(response.status) && location !== undefined;
        if (!isRedirect || hop.redirect === 'return') return response;
        await leaveBody(response);
        hop = nextHop(hop, response.status, redirectTarget(response, location));
      }
      throw new ImportError('SOURCE_ANSWER_INVALID', {
        place: displayUrl(first.url),
        expected: `at most ${MAX_REDIRECTS} redirects`,
        found: 'more',
      });
    },
    // Connections that a cancelled import left open must not hold up a shutdown.
    close: () => dispatcher.destroy(),
  };
}

function outcomeOf(status: number): SentRequest['outcome'] {
  if (status === 429) return '429';
  if (status >= 500) return '5xx';
  if (status >= 400) return '4xx';
  return status >= 300 ? '3xx' : '2xx';
}

/** Where `location` leads. Throws SOURCE_ANSWER_INVALID when it is no address; it is not repeated: it may be signed. */
export function redirectTarget(response: HttpResponse, location: string): URL {
  if (URL.canParse(location, response.url)) return new URL(location, response.url);
  throw new ImportError('SOURCE_ANSWER_INVALID', {
    place: displayUrl(response.url),
    expected: 'a redirect to an address',
    found: 'a redirect to something else',
  });
}

/** RFC 9110, 15.4: after 301, 302 and 303 a POST goes on as GET. Secrets stay with their origin. */
function nextHop(hop: HttpRequest, status: number, target: URL): HttpRequest {
  const { body, ...rest } = hop;
  const keepsMethod = status === 307 || status === 308 || hop.method === 'HEAD';
  const sameOrigin = new URL(hop.url).origin === target.origin;
  const kept = Object.entries(hop.headers ?? {}).filter(
    ([name]) =>
      (sameOrigin || (name !== 'authorization' && name !== 'cookie')) &&
      (keepsMethod || name !== 'content-type'),
  );
  return {
    ...rest,
    url: target.href,
    headers: Object.fromEntries(kept),
    ...(keepsMethod ? body !== undefined && { body } : { method: 'GET' }),
  };
}

/** The whole body as text, of a bounded length. Throws SOURCE_ANSWER_INVALID above it. */
export async function readText(response: HttpResponse, signal: AbortSignal): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const late = Object.assign(new Error('late'), { code: 'UND_ERR_BODY_TIMEOUT' });
  const timer = setTimeout(() => response.body.destroy(late), response.answerMs);
  try {
    for await (const chunk of response.body as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > MAX_TEXT_BYTES) {
        throw new ImportError('SOURCE_ANSWER_INVALID', {
          place: displayUrl(response.url),
          expected: `at most ${MAX_TEXT_BYTES} bytes`,
          found: 'more',
        });
      }
      chunks.push(chunk);
    }
  } catch (error) {
    throw requestFailure(error, displayUrl(response.url), signal);
  } finally {
    clearTimeout(timer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Leaves a body that nobody wants: a short one to its end, so that its connection can be used again. */
export async function leaveBody({ body, answerMs }: HttpResponse): Promise<void> {
  const timer = setTimeout(() => body.destroy(), Math.min(answerMs, LEAVE_MS));
  await body.dump({ limit: LEAVE_BYTES }).catch(() => undefined);
  clearTimeout(timer);
}

/** Passes 2xx on; anything else is read and thrown. */
export async function requireOk(response: HttpResponse, signal: AbortSignal): Promise<void> {
  if (response.status >= 200 && response.status < 300) return;
  const said = (await readText(response, signal).catch(() => '')).replace(/\s+/g, ' ').trim();
  throw statusFailure(response.status, {
    place: displayUrl(response.url),
    said,
    retryAfter: response.header('retry-after'),
  });
}

export function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && (url.protocol === 'https:' || url.protocol === 'http:')) return url;
  throw new ImportError('SOURCE_REFERENCE_INVALID', {
    expected: 'an http(s) address',
    found: url ? displayUrl(text) : 'something else',
  });
}

/** For people: without user, password and query, which may hold a signature. */
export function displayUrl(text: string): string {
  if (!URL.canParse(text)) return 'an address that cannot be read';
  const url = new URL(text);
  return `${url.protocol}//${url.host}${url.pathname}`;
}
