/** The store step: immutable objects in MinIO, any S3-compatible store, or Azure Blob Storage. */
import type { ObjectStore } from './object-store.js';
import type { StorageOptions } from './types.js';

export { MARKER, requireOwnBucket } from './belonging.js';
export { isUploadedInParts } from './file-chunks.js';
export type {
  ByteRange,
  ListedObject,
  ObjectHead,
  ObjectStore,
  PutImmutableOptions,
  StoredText,
  UploadProgress,
} from './object-store.js';
export type { StorageOptions, StoredObject } from './types.js';

/**
 * Loads the library of that store only, and connects with the first call; close it at the end.
 * Throws ENVIRONMENT_INVALID on an endpoint that cannot be read.
 */
export async function createObjectStore(options: StorageOptions): Promise<ObjectStore> {
  return options.backend === 'azure'
    ? (await import('./azure.js')).createAzureStore(options)
    : (await import('./minio.js')).createMinioStore(options);
}
