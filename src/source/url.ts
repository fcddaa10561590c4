/** Direct addresses: `source: {url: ...}`, one or many; the version is what the servers say identifies the bytes. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { list } from '../config/list.js';
import { wantedFiles } from './wanted-files.js';
import {
  displayUrl,
  leaveBody,
  parseUrl,
  requireOk,
  type HttpClient,
  type HttpResponse,
} from './http/client.js';
import { openHttpFile } from './http/open-body.js';
import { stateOf } from './http/validators.js';
import { requireState } from './pinned-state.js';
import { ReceivedBody } from './received-body.js';
import type { Call, NamedSource, Source, SourceFile } from './source.js';
import type { FileState } from './types.js';

/** An entry is part of every import's history, where whoever watches imports can read it. */
const withoutSecrets = list.refine(
  (urls) => !urls.some((address) => /^[^/]*:\/\/[^/]*@/.test(address)),
  {
    error:
      'expected addresses without user and password: they would be kept in the histories of imports',
  },
);

const keys = z.strictObject({ url: withoutSecrets, sha256: z.string().optional() });
type Keys = z.infer<typeof keys>;

export const url = {
  kind: 'url' as const,
  keys,
  create: ({ guardedHttp }) => directUrls(guardedHttp),
} satisfies NamedSource;

function directUrls(http: HttpClient): Source<Keys> {
  /** Headers of the file. A server that does not know HEAD is asked with GET, and not listened to. */
  async function look(url: string, { signal }: Call): Promise<HttpResponse> {
    const head = await http.send({ url, method: 'HEAD', signal });
    await leaveBody(head);
    if (![400, 403, 405, 501].includes(head.status)) {
      await requireOk(head, signal);
      return head;
    }
    const response = await http.send({ url, signal });
    await requireOk(response, signal);
    new ReceivedBody(response.body).destroy();
    return response;
  }

  return {
    /** One request an address; none when its checksum is pinned. */
    async pin({ keys }, call) {
      const { urls, sha256 } = addresses(keys);
      const reference = urls.map(identity).join(' ');
      const description = { url: displayUrl(urls[0] ?? '') };
      if (sha256 !== undefined && urls.length === 1) {
        return { kind: 'url', reference, version: `sha256-${sha256.slice(0, 12)}`, description };
      }
      const seen = [];
      for (const url of urls) seen.push(await look(url, call));
      const sizes = seen.map(({ header }) => Number(header('content-length') ?? Number.NaN));
      const totalBytes = sizes.reduce((sum, bytes) => sum + bytes, 0);
      const changed = seen.map(({ header }) => Date.parse(header('last-modified') ?? ''));
      const newest = Math.max(0, ...changed.filter(Number.isFinite));
      return {
        kind: 'url',
        reference,
        version: digest(seen.map(fingerprint)).slice(0, 12),
        ...(totalBytes > 0 && { totalBytes }),
        states: seen.map(pinnedState),
        description: {
          ...description,
          ...(newest > 0 && { lastUpdated: new Date(newest).toISOString() }),
        },
      };
    },

    // eslint-disable-next-line @typescript-eslint/require-await -- nothing to ask: the entry has them
    async listFiles(request, { states = [] }) {
      const { urls, sha256 } = addresses(request.keys);
      const names = uniqueNames(urls);
      const files = urls.map((url, index): SourceFile => {
        const pinned = urls.length === 1 && sha256 !== undefined && { sha256 };
        const state = states[index];
        return { path: names[index] ?? '', locator: url, ...pinned, ...(state && { state }) };
      });
      return urls.length === 1 ? files : wantedFiles(request, files);
    },

    open: (_pin, { locator = '', state }, { resume, signal }) =>
      openHttpFile(http, { url: locator, signal }, { resume, state }),

    /** A server may send a file that somebody writes to: its headers are of the start, so it is asked again. */
    async confirm(_request, _pin, files, call) {
      for (const { locator = '', state, sha256 } of files) {
        const isKnown = state?.tag !== undefined || state?.modified !== undefined;
        if (sha256 !== undefined || !isKnown) continue;
        requireState(displayUrl(locator), state, stateOf(await look(locator, call)));
      }
    },
  };
}

function addresses({ url: urls, sha256 }: Keys): { urls: string[]; sha256?: string } {
  urls.forEach(parseUrl);
  return { urls, ...(sha256 !== undefined && { sha256: sha256.toLowerCase() }) };
}

/** ETag, else Last-Modified with the size; a server that says neither is asked for the bytes once a day. */
function fingerprint({ header }: HttpResponse): string {
  const etag = header('etag');
  if (etag !== undefined) return etag.replace(/^W\//, '');
  const modified = header('last-modified');
  if (modified !== undefined) return `${modified} ${header('content-length') ?? ''}`;
  return new Date().toISOString().slice(0, 10);
}

/** Some servers say 0 when they are asked for headers alone. */
function pinnedState(response: HttpResponse): FileState {
  const { bytes, ...state } = stateOf(response);
  return bytes ? { ...state, bytes } : state;
}

/** Without user and password; a query, which may be a signature, only by its digest. */
function identity(url: string): string {
  const { search } = new URL(url);
  return displayUrl(url) + (search === '' ? '' : `?${digest([search]).slice(0, 8)}`);
}

/** The last segment of each address; equal ones in folders `1/`, `2/` ... */
function uniqueNames(urls: readonly string[]): string[] {
  const names = urls.map((url) => {
    const last = new URL(url).pathname.split('/').filter(Boolean).at(-1) ?? '';
    return safeDecode(last).replace(/[/\\\0]/g, '_') || 'data';
  });
  const isRepeated = (name: string): boolean => names.filter((one) => one === name).length > 1;
  return names.map((name, index) => (isRepeated(name) ? `${index + 1}/${name}` : name));
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function digest(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex');
}
