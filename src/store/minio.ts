/** Objects in MinIO or any other S3-compatible store. */
import http from 'node:http';
import https from 'node:https';
import { text as textOf } from 'node:stream/consumers';
import { Client } from 'minio';
import {
  cancellableTransport,
  parseEndpoint,
  type ObserveResponse,
} from '../network/s3-transport.js';
import { failureCode, translated } from './failures.js';
import { putBytes, putImmutable, write, type ImmutableBackend } from './immutable.js';
import { isRefused, removeParts, removePartsBelow, uploadToMinio } from './minio-upload.js';
import type { ListedObject, ObjectHead, ObjectStore } from './object-store.js';
import type { MinioOptions } from './types.js';

const DEFAULT_REGION = 'us-east-1';
const MD5_ETAG = /^[0-9a-f]{32}(-\d+)?$/;

/** Connects with the first call. */
export function createMinioStore(options: MinioOptions): ObjectStore {
  const { bucket, accessKey, secretKey, region = DEFAULT_REGION } = options;
  const endpoint = parseEndpoint(options.endpoint, options.useSsl);
  const agent = new (endpoint.useSSL ? https : http).Agent({ keepAlive: true });
  const scheme = endpoint.useSSL ? 'https' : 'http';
  const host =
    endpoint.port === undefined ? endpoint.endPoint : `${endpoint.endPoint}:${endpoint.port}`;
  const description = `${scheme}://${host}, bucket ${bucket}`;

  /** One client a call: cancellation belongs to the transport, and a client is only a handful of settings. */
  const client = (signal?: AbortSignal, observe?: ObserveResponse): Client =>
    new Client({
      ...endpoint,
      accessKey,
      secretKey,
      // Named, so that the client need not ask where the bucket is.
      region,
      transport: cancellableTransport(endpoint.useSSL, signal, observe),
      transportAgent: agent,
      // Retries are the caller's: it knows how often, and shows them.
      retryOptions: { disableRetry: true },
    });
  const call = <T>(signal: AbortSignal | undefined, run: () => Promise<T>): Promise<T> =>
    translated(description, signal, run);

  const backend: ImmutableBackend = {
    description,
    head,
    upload: (upload) =>
      call(upload.signal, () => uploadToMinio(client(upload.signal), client(), bucket, upload)),
    md5Of: 'chunks',
  };

  async function head(key: string, signal?: AbortSignal): Promise<ObjectHead | undefined> {
    return call(signal, async () => {
      let encrypted = false;
      const observed = client(signal, ({ headers }) => {
        // With the key management service's keys an ETag is not an MD5.
        encrypted = headers['x-amz-server-side-encryption'] === 'aws:kms';
      });
      try {
        const { size, etag, metaData } = await observed.statObject(bucket, key);
        const sha256: unknown = (metaData as Record<string, unknown>).sha256;
        return {
          ...{ bytes: size, etag },
          ...(typeof sha256 === 'string' && { sha256 }),
          ...(!encrypted && MD5_ETAG.test(etag) && { md5: etag }),
        };
      } catch (error) {
        // A missing bucket answers the same way: there is no such object either.
        if (isMissing(error)) return undefined;
        throw error;
      }
    });
  }

  return {
    description,
    root: options.root,
    url: (key) => `s3://${bucket}/${key}`,
    location: (key) => `s3://${bucket}/${key}`,
    ensureReady: (signal) =>
      call(signal, async () => {
        if (await client(signal).bucketExists(bucket)) return;
        await client(signal).makeBucket(bucket, region).catch(ignoreExisting);
      }),
    putImmutable: (key, filePath, put) => putImmutable(backend, key, filePath, put),
    putBytes: (key, content, put) => putBytes(backend, key, content, put),
    putBack: (key, filePath, put, etag) => write(backend, key, filePath, put, etag),
    putText: (key, text, etag, signal) =>
      call(signal, async () => {
        const body = Buffer.from(text);
        try {
          await client(signal).putObject(bucket, key, body, body.length, {
            'Content-Type': 'application/json',
            // A pointer that a proxy keeps would point at the version before.
            'Cache-Control': 'no-cache',
            ...(etag === undefined ? { 'If-None-Match': '*' } : { 'If-Match': etag }),
          });
          return true;
        } catch (error) {
          if (isRefused(error, etag)) return false;
          throw error;
        }
      }),
    getText: (key, signal) =>
      call(signal, async () => {
        let etag = '';
        const observed = client(signal, ({ headers }) => (etag = headers.etag ?? ''));
        try {
          return { text: await textOf(await observed.getObject(bucket, key)), etag };
        } catch (error) {
          if (isMissing(error)) return undefined;
          throw error;
        }
      }),
    read: (key, range, signal) =>
      call(signal, () =>
        range
          ? client(signal).getPartialObject(bucket, key, range.offset, range.bytes)
          : client(signal).getObject(bucket, key),
      ),
    head,
    list: (prefix, signal) =>
      call(signal, async () => {
        const found: ListedObject[] = [];
        try {
          for await (const item of client(signal).listObjectsV2(bucket, prefix, true)) {
            const { name, size, lastModified } = item as Listed;
            found.push({ key: name, bytes: size, modifiedMs: lastModified.getTime() });
          }
        } catch (error) {
          if (failureCode(error) !== 'NoSuchBucket') throw error;
        }
        return found;
      }),
    remove: (keys, signal) =>
      call(signal, async () => {
        for (const key of keys) await client(signal).removeObject(bucket, key);
      }),
    removeUnfinished: (prefix, keys, signal) =>
      call(signal, async () => {
        const cleaner = client(signal);
        await removePartsBelow(cleaner, bucket, prefix);
        for (const key of keys) await removeParts(cleaner, bucket, key);
      }),
    ping: (signal) =>
      call(signal, async () => {
        let version = 'unknown server';
        await client(signal, ({ headers }) => (version = String(headers.server))).bucketExists(
          bucket,
        );
        return { version };
      }),
    close() {
      agent.destroy();
      return Promise.resolve();
    },
  };
}

interface Listed {
  readonly name: string;
  readonly size: number;
  readonly lastModified: Date;
}

function isMissing(error: unknown): boolean {
  return ['NotFound', 'NoSuchKey', 'NoSuchBucket'].includes(failureCode(error));
}

function ignoreExisting(error: unknown): void {
  const code = failureCode(error);
  if (code === 'BucketAlreadyOwnedByYou' || code === 'BucketAlreadyExists') return;
  throw error;
}
