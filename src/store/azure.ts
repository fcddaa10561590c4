/** Objects in Azure Blob Storage. */
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import {
  BlobServiceClient,
  type ContainerClient,
  type StoragePipelineOptions,
} from '@azure/storage-blob';
import { ImportError } from '../errors/index.js';
import { isRefused, uploadToAzure } from './azure-upload.js';
import { failureCode, translated } from './failures.js';
import { putBytes, putImmutable, write, type ImmutableBackend } from './immutable.js';
import type { ListedObject, ObjectHead, ObjectStore } from './object-store.js';
import type { AzureOptions } from './types.js';

/** Retries are the caller's: it knows how often, and shows them. */
const PIPELINE: StoragePipelineOptions = {
  retryOptions: { maxTries: 1, tryTimeoutInMs: 300_000 },
};

/** Connects with the first call. Throws ENVIRONMENT_INVALID on a connection string that is none. */
export async function createAzureStore(options: AzureOptions): Promise<ObjectStore> {
  const service = await openService(options);
  const container: ContainerClient = service.getContainerClient(options.container);
  // Without query: a shared access signature is a secret.
  const description = `${service.url.split('?')[0]!.replace(/\/$/, '')}, container ${options.container}`;
  const call = <T>(signal: AbortSignal | undefined, run: () => Promise<T>): Promise<T> =>
    translated(description, signal, run);

  const backend: ImmutableBackend = {
    description,
    head,
    upload: (upload) =>
      call(upload.signal, () => uploadToAzure(container.getBlockBlobClient(upload.key), upload)),
    md5Of: 'whole',
  };

  async function head(key: string, signal?: AbortSignal): Promise<ObjectHead | undefined> {
    return call(signal, async () => {
      try {
        const { contentLength, contentMD5, etag, metadata } = await container
          .getBlobClient(key)
          .getProperties(withSignal(signal));
        const sha256 = metadata?.sha256;
        return {
          ...{ bytes: contentLength ?? 0, etag: etag! },
          ...(sha256 !== undefined && { sha256 }),
          ...(contentMD5 && { md5: Buffer.from(contentMD5).toString('hex') }),
        };
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    });
  }

  return {
    description,
    root: options.root,
    location: (key) =>
      `abfss://${options.container}@${service.accountName}.dfs.core.windows.net/${key}`,
    url: (key) => container.getBlobClient(key).url.split('?')[0]!,
    ensureReady: (signal) =>
      call(signal, async () => {
        if (await container.exists(withSignal(signal))) return;
        await container.createIfNotExists(withSignal(signal));
      }),
    putImmutable: (key, filePath, put) => putImmutable(backend, key, filePath, put),
    putBytes: (key, content, put) => putBytes(backend, key, content, put),
    putBack: (key, filePath, put, etag) => write(backend, key, filePath, put, etag),
    putText: (key, text, etag, signal) =>
      call(signal, async () => {
        const body = Buffer.from(text);
        try {
          await container.getBlockBlobClient(key).upload(body, body.length, {
            ...withSignal(signal),
            blobHTTPHeaders: {
              blobContentType: 'application/json',
              blobCacheControl: 'no-cache',
            },
            conditions: etag === undefined ? { ifNoneMatch: '*' } : { ifMatch: etag },
          });
          return true;
        } catch (error) {
          if (isRefused(error, etag)) return false;
          throw error;
        }
      }),
    getText: (key, signal) =>
      call(signal, async () => {
        try {
          const blob = container.getBlobClient(key);
          const { etag, readableStreamBody } = await blob.download(
            0,
            undefined,
            withSignal(signal),
          );
          return { text: (await buffer(readableStreamBody!)).toString('utf8'), etag: etag! };
        } catch (error) {
          if (isMissing(error)) return undefined;
          throw error;
        }
      }),
    read: (key, range, signal) =>
      call(signal, async () => {
        const blob = container.getBlobClient(key);
        const answer = await blob.download(range?.offset, range?.bytes, withSignal(signal));
        return Readable.from(answer.readableStreamBody!);
      }),
    head,
    list: (prefix, signal) =>
      call(signal, async () => {
        const found: ListedObject[] = [];
        try {
          for await (const blob of container.listBlobsFlat({ ...withSignal(signal), prefix })) {
            const { contentLength = 0, lastModified } = blob.properties;
            const modifiedMs = lastModified.getTime();
            found.push({ key: blob.name, bytes: contentLength, modifiedMs });
          }
        } catch (error) {
          if (!isMissing(error)) throw error;
        }
        return found;
      }),
    remove: (keys, signal) =>
      call(signal, async () => {
        for (const key of keys) {
          await container.getBlobClient(key).deleteIfExists(withSignal(signal));
        }
      }),
    removeUnfinished: () => Promise.resolve(),
    ping: (signal) =>
      call(signal, async () => {
        try {
          const { _response } = await container.getProperties(withSignal(signal));
          const version = _response.headers.get('server');
          return version === undefined ? {} : { version };
        } catch (error) {
          // It answered and took our credentials; the container is created with the first import.
          if (isMissing(error)) return {};
          throw error;
        }
      }),
    close: () => Promise.resolve(),
  };
}

async function openService({
  connectionString,
  account,
}: AzureOptions): Promise<BlobServiceClient> {
  if (connectionString === undefined) {
    // Half of what Azure's libraries weigh, and a connection string needs none of it.
    const { DefaultAzureCredential } = await import('@azure/identity');
    const url = `https://${account}.blob.core.windows.net`;
    return new BlobServiceClient(url, new DefaultAzureCredential(), PIPELINE);
  }
  try {
    return BlobServiceClient.fromConnectionString(connectionString, PIPELINE);
  } catch {
    // Without cause: the library's message may repeat the key.
    throw new ImportError('ENVIRONMENT_INVALID', {
      place: 'AZURE_STORAGE_CONNECTION_STRING',
      expected: 'DefaultEndpointsProtocol=...;AccountName=...;AccountKey=...',
    });
  }
}

function isMissing(error: unknown): boolean {
  return (
    (error as { statusCode?: unknown }).statusCode === 404 || failureCode(error) === 'NotFound'
  );
}

/** The SDK takes an absent signal, but not an undefined one. */
function withSignal(signal: AbortSignal | undefined): { abortSignal?: AbortSignal } {
  return signal ? { abortSignal: signal } : {};
}
