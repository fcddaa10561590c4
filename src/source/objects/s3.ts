/** `source: {s3: bucket/prefix}`: MinIO and any S3-compatible store, with the MINIO_ variables. */
import type { Client } from 'minio';
import { z } from 'zod';
import { ImportError } from '../../errors/index.js';
import { parseEndpoint } from '../../network/s3-transport.js';
import type { HttpClient } from '../http/client.js';
import { openHttpFile } from '../http/open-body.js';
import type { S3Options } from '../options.js';
import type { NamedSource, Source } from '../source.js';
import { objectPrefix } from './prefix.js';
import { listObjects } from './s3-list.js';

/** How long a signed address serves; a transfer that breaks gets a new one. */
const SIGNED_SECONDS = 3600;

const keys = z.strictObject({ s3: z.string(), endpoint: z.string().optional() });
type Keys = z.infer<typeof keys>;

export const s3 = {
  kind: 's3' as const,
  keys,
  create: ({ http, guardedHttp, options }) => s3Prefixes(http, guardedHttp, options.s3),
} satisfies NamedSource;

/**
 * An entry's own `endpoint:` is called anonymously, for our keys are for the configured store only, and under the
 * same guard as any address that an entry names.
 */
function s3Prefixes(http: HttpClient, guardedHttp: HttpClient, options: S3Options): Source<Keys> {
  const at = (own: string): Source<Keys> =>
    own === '' || own === options.endpoint
      ? prefixesOf(http, options)
      : prefixesOf(guardedHttp, { endpoint: own, useSsl: true });
  return {
    pin: (request, call) => at(request.keys.endpoint ?? '').pin(request, call),
    async listFiles(request, pin, call) {
      const own = request.keys.endpoint ?? '';
      const files = await at(own).listFiles(request, pin, call);
      return files.map((file) => ({ ...file, locator: `${own} ${file.locator}` }));
    },
    open(pin, { locator = '', ...file }, request) {
      const space = locator.indexOf(' ');
      const source = at(locator.slice(0, space));
      return source.open(pin, { ...file, locator: locator.slice(space + 1) }, request);
    },
  };
}

/** By signed addresses, so that ranges, time limits, proxies, authorities and guards are those of every request. */
function prefixesOf(http: HttpClient, options: S3Options): Source<Keys> {
  const url = endpointOf(options);
  const { accessKey = '', secretKey = '', region = 'us-east-1' } = options;
  const endpoint = parseEndpoint(url.origin, url.protocol === 'https:');
  const sign = async (...what: Parameters<Client['presignedUrl']>): Promise<string> => {
    // Loaded by who needs it: no command is to wait for the libraries of every cloud.
    const { Client } = await import('minio');
    return new Client({ ...endpoint, accessKey, secretKey, region }).presignedUrl(...what);
  };

  async function addressOf(
    bucket: string,
    key: string,
    query: Record<string, string> = {},
  ): Promise<string> {
    // Without keys there is nothing to sign with.
    if (accessKey !== '') return sign('GET', bucket, key, SIGNED_SECONDS, query);
    const path = [bucket, ...(key === '' ? [] : key.split('/'))].map(encodeURIComponent).join('/');
    const search = new URLSearchParams(query).toString();
    return `${url.origin}/${path}${search === '' ? '' : `?${search}`}`;
  }

  return objectPrefix({
    kind: 's3',
    written: (keys: Keys) => keys.s3,
    list: ({ bucket, prefix }, call) =>
      listObjects(http, prefix, (query) => addressOf(bucket, '', query), call),
    async open({ bucket, key }, state, { resume, signal }) {
      return openHttpFile(http, { url: await addressOf(bucket, key), signal }, { resume, state });
    },
  });
}

function endpointOf({ endpoint, useSsl }: S3Options): URL {
  const text = /^https?:\/\//i.test(endpoint ?? '')
    ? (endpoint ?? '')
    : `${useSsl ? 'https' : 'http'}://${endpoint ?? ''}`;
  if (endpoint && URL.canParse(text)) return new URL(text);
  throw new ImportError('ENVIRONMENT_INVALID', {
    place: 'MINIO_ENDPOINT',
    expected: 'host:port of the store that `s3:` sources are read from',
    found: endpoint ?? 'nothing',
  });
}
