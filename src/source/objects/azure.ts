/** `source: {azure: container/prefix}`: Azure Blob Storage, with AZURE_STORAGE_CONNECTION_STRING. */
import { Readable } from 'node:stream';
import type { BlobServiceClient } from '@azure/storage-blob';
import { z } from 'zod';
import { ImportError } from '../../errors/index.js';
import type { HttpClient } from '../http/client.js';
import type { SourceOptions } from '../options.js';
import { requireState, tagOf } from '../pinned-state.js';
import { ReceivedBody } from '../received-body.js';
import type { NamedSource, Source } from '../source.js';
import { azureTransport } from './azure-transport.js';
import { objectFailure } from './failures.js';
import { objectPrefix, type ListedObject } from './prefix.js';

const keys = z.strictObject({ azure: z.string() });
type Keys = z.infer<typeof keys>;

export const azure = {
  kind: 'azure' as const,
  keys,
  create: ({ http, options }) => azurePrefixes(http, options.azure),
} satisfies NamedSource;

function azurePrefixes(
  http: HttpClient,
  { connectionString }: SourceOptions['azure'],
): Source<Keys> {
  const connect = async (): Promise<BlobServiceClient> => {
    if (connectionString !== undefined) {
      // Loaded by who needs it: no command is to wait for the libraries of every cloud.
      const { BlobServiceClient } = await import('@azure/storage-blob');
      return BlobServiceClient.fromConnectionString(connectionString, {
        retryOptions: { maxTries: 1 },
        httpClient: azureTransport(http),
      });
    }
    throw new ImportError('ENVIRONMENT_INVALID', {
      place: 'AZURE_STORAGE_CONNECTION_STRING',
      expected: 'the account that `azure:` sources are read from',
      found: 'nothing',
    });
  };

  return objectPrefix({
    kind: 'azure',
    written: (keys: Keys) => keys.azure,

    async list({ bucket, prefix }, { signal }) {
      const container = (await connect()).getContainerClient(bucket);
      const found: ListedObject[] = [];
      try {
        for await (const { name, properties } of container.listBlobsFlat({
          prefix,
          abortSignal: signal,
        })) {
          const { contentLength = 0, etag = '', lastModified } = properties;
          const modifiedAt = lastModified.toISOString();
          found.push({ key: name, bytes: contentLength, tag: tagOf(etag), modifiedAt });
        }
      } catch (error) {
        throw objectFailure(error, `azure container ${bucket}`, signal);
      }
      return found;
    },

    async open({ bucket, key }, state, { resume, signal }) {
      const place = `azure://${bucket}/${key}`;
      const blob = (await connect()).getContainerClient(bucket).getBlobClient(key);
      try {
        const {
          contentLength = 0,
          etag = '',
          contentMD5,
        } = await blob.getProperties({
          abortSignal: signal,
        });
        requireState(place, state, { tag: tagOf(etag), bytes: contentLength });
        const offset = resume?.validator === etag ? resume.offset : 0;
        const isComplete = offset >= contentLength;
        const answer = isComplete
          ? undefined
          : await blob.download(offset, undefined, {
              abortSignal: signal,
              conditions: { ifMatch: etag },
              // Breaks are taken up by the cache, which checks that the blob is still the same.
              maxRetryRequests: 0,
            });
        const body = answer?.readableStreamBody ?? Readable.from([]);
        return {
          offset,
          totalBytes: contentLength,
          validator: etag,
          ...(contentMD5 && { md5: Buffer.from(contentMD5).toString('hex') }),
          body: new ReceivedBody(Readable.from(body)),
        };
      } catch (error) {
        throw objectFailure(error, place, signal);
      }
    },
  });
}
