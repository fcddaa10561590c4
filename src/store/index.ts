/** The store step: immutable objects in MinIO, any S3-compatible store, or Azure Blob Storage. */
import { createAzureStore } from './azure.js';
import { createMinioStore } from './minio.js';
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

/** Connects lazily; close it at the end. Throws ENVIRONMENT_INVALID on an endpoint that cannot be read. */
export function createObjectStore(options: StorageOptions): ObjectStore {
  return options.backend === 'azure' ? createAzureStore(options) : createMinioStore(options);
}
