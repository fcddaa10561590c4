/** What the other steps know of the object store. */

/** An object that was written and verified after the write. */
export interface StoredObject {
  /** Full key within the bucket or container. */
  readonly key: string;
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
  /** False when the same object was already there and nothing was sent. */
  readonly transferred: boolean;
}

/** MinIO or any other S3-compatible store. */
export interface MinioOptions {
  readonly backend: 'minio';
  /** `host:port`; a scheme (`https://host`) wins over `useSsl`. */
  readonly endpoint: string;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly bucket: string;
  readonly useSsl: boolean;
  /** `us-east-1` when absent. */
  readonly region?: string;
  readonly root: string;
}

/** Azure Blob Storage: a connection string, or an account with the default credential chain. */
export interface AzureOptions {
  readonly backend: 'azure';
  readonly connectionString?: string;
  readonly account?: string;
  readonly container: string;
  readonly root: string;
}

export type StorageOptions = MinioOptions | AzureOptions;
