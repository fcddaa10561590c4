/** Options of both backends, each with a bucket or container of its own, and the uploads of tests. */
import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import type { ObjectStore } from '../../src/store/index.js';
import type { AzureOptions, MinioOptions } from '../../src/store/types.js';
import type { SampleFile } from './sample-files.js';

const name = (): string => `test-${randomBytes(6).toString('hex')}`;

export function minio(overrides: Partial<MinioOptions> = {}): MinioOptions {
  const { MINIO_ENDPOINT, MINIO_ACCESS_KEY, MINIO_SECRET_KEY } = inject('stack');
  return {
    backend: 'minio',
    endpoint: MINIO_ENDPOINT,
    accessKey: MINIO_ACCESS_KEY,
    secretKey: MINIO_SECRET_KEY,
    bucket: name(),
    useSsl: false,
    root: '',
    ...overrides,
  };
}

export function azure(connectionString: string): AzureOptions {
  return { backend: 'azure', connectionString, container: name(), root: '' };
}

export function put(
  store: ObjectStore,
  key: string,
  { path, bytes, sha256 }: SampleFile,
  more: Partial<Parameters<ObjectStore['putImmutable']>[2]> = {},
) {
  const contentType = 'application/octet-stream';
  const { signal } = new AbortController();
  return store.putImmutable(key, path, { bytes, sha256, contentType, signal, ...more });
}
