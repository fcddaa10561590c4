/** `source: {s3: bucket/prefix}`: MinIO and any S3-compatible store, with the MINIO_ variables. */
import { Client } from 'minio';
import { z } from 'zod';
import type { DatasetEntry } from '../../config/datasets.js';
import { ImportError } from '../../errors/index.js';
import { cancellableTransport, parseEndpoint } from '../../network/s3-transport.js';
import type { HttpClient } from '../http/client.js';
import { openHttpFile } from '../http/open-body.js';
import type { S3Options } from '../options.js';
import type { NamedSource, Source } from '../source.js';
import { objectFailure } from './failures.js';
import { objectPrefix, type ListedObject } from './prefix.js';

/** How long a signed address serves; a transfer that breaks gets a new one. */
const SIGNED_SECONDS = 3600;

export const s3 = {
  kind: 's3' as const,
  keys: z.strictObject({ s3: z.string(), endpoint: z.string().optional() }),
  create: ({ http, options }) => s3Prefixes(http, options.s3),
} satisfies NamedSource;

/** An entry's own `endpoint:` is called anonymously: our keys are for the configured store only. */
function s3Prefixes(http: HttpClient, options: S3Options): Source {
  const at = (own: string): Source =>
    own === '' || own === options.endpoint
      ? prefixesOf(http, options)
      : prefixesOf(http, { endpoint: own, useSsl: true });
  return {
    pin: (entry, call) => at(ownEndpoint(entry)).pin(entry, call),
    async listFiles(entry, pin, call) {
      const own = ownEndpoint(entry);
      const files = await at(own).listFiles(entry, pin, call);
      return files.map((file) => ({ ...file, locator: `${own} ${file.locator}` }));
    },
    open(pin, { locator = '', ...file }, request) {
      const space = locator.indexOf(' ');
      const source = at(locator.slice(0, space));
      return source.open(pin, { ...file, locator: locator.slice(space + 1) }, request);
    },
  };
}

/** Empty for the configured store. */
function ownEndpoint({ source }: DatasetEntry): string {
  return source && 's3' in source ? (source.endpoint ?? '') : '';
}

function prefixesOf(http: HttpClient, options: S3Options): Source {
  const url = endpointOf(options);
  const { accessKey = '', secretKey = '', region = 'us-east-1' } = options;
  const endpoint = parseEndpoint(url.origin, url.protocol === 'https:');
  /** One client a call: cancellation belongs to the transport. */
  const client = (signal: AbortSignal): Client =>
    new Client({
      ...endpoint,
      accessKey,
      secretKey,
      region,
      transport: cancellableTransport(endpoint.useSSL, signal),
      retryOptions: { disableRetry: true },
    });

  return objectPrefix({
    kind: 's3',

    async list({ bucket, prefix }, { signal }) {
      const found: ListedObject[] = [];
      try {
        for await (const item of client(signal).listObjectsV2(bucket, prefix, true)) {
          const { name, size, etag, lastModified } = item as {
            name?: string;
            size: number;
            etag: string;
            lastModified?: Date;
          };
          if (name === undefined) continue;
          const modified = lastModified && { modifiedAt: lastModified.toISOString() };
          found.push({ key: name, bytes: size, etag, ...modified });
        }
      } catch (error) {
        throw objectFailure(error, `${url.host}/${bucket}`, signal);
      }
      return found;
    },

    // By a signed address, so that ranges, time limits, proxies and authorities are those of every download.
    async open({ bucket, key }, { resume, signal }) {
      const plain = `${url.origin}/${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`;
      const address =
        accessKey === ''
          ? plain
          : await client(signal).presignedGetObject(bucket, key, SIGNED_SECONDS);
      return openHttpFile(http, { url: address, signal }, resume);
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
