/** What stands in a bucket of its own, read and altered past the product. */
import { randomBytes } from 'node:crypto';
import { buffer, text } from 'node:stream/consumers';
import { Client as Minio } from 'minio';

export class SiteBucket {
  readonly bucket = `test-${randomBytes(6).toString('hex')}`;

  /** @param store - where MinIO is, and its keys, by the names of their variables */
  protected constructor(readonly store: Readonly<Record<string, string>>) {}

  /** Keys in the bucket, sorted; none when nobody has made the bucket. */
  async objects(): Promise<string[]> {
    const minio = this.#minio();
    if (!(await minio.bucketExists(this.bucket))) return [];
    const keys: string[] = [];
    for await (const { name } of minio.listObjectsV2(this.bucket, '', true)) {
      keys.push(name as string);
    }
    return keys.sort();
  }

  /** ETag and time of the last write of each object, by its key: the same for as long as nobody writes there. */
  async objectStates(): Promise<Record<string, string>> {
    const states: Record<string, string> = {};
    for await (const item of this.#minio().listObjectsV2(this.bucket, '', true)) {
      const { name, etag, lastModified } = item as {
        name: string;
        etag: string;
        lastModified: Date;
      };
      states[name] = `${etag} ${lastModified.toISOString()}`;
    }
    return states;
  }

  /** UTF-8. */
  async readObject(key: string): Promise<string> {
    return text(await this.#minio().getObject(this.bucket, key));
  }

  async readBytes(key: string): Promise<Buffer> {
    return buffer(await this.#minio().getObject(this.bucket, key));
  }

  /** As a person does, or a store that loses data. */
  removeObject(key: string): Promise<void> {
    return this.#minio().removeObject(this.bucket, key);
  }

  /** One bit of it, which keeps its size: as a broken disk does, or somebody with the keys of the bucket. */
  async alterObject(key: string, { keepsMetadata = false } = {}): Promise<void> {
    const minio = this.#minio();
    const bytes = await buffer(await minio.getObject(this.bucket, key));
    const { metaData } = await minio.statObject(this.bucket, key);
    bytes[10]! ^= 1;
    await minio.putObject(this.bucket, key, bytes, bytes.length, keepsMetadata ? metaData : {});
  }

  /** Without its last byte: as somebody leaves it who copies a bucket and is interrupted. */
  async shortenObject(key: string): Promise<void> {
    const bytes = (await this.readBytes(key)).subarray(0, -1);
    await this.#minio().putObject(this.bucket, key, bytes, bytes.length);
  }

  /** Of its bytes; `undefined` when there is no such object. */
  async etagOf(key: string): Promise<string | undefined> {
    return (
      await this.#minio()
        .statObject(this.bucket, key)
        .catch(() => undefined)
    )?.etag;
  }

  #minio(): Minio {
    const [endPoint, port] = this.store['MINIO_ENDPOINT']!.split(':');
    return new Minio({
      ...{ endPoint: endPoint!, port: Number(port), useSSL: false },
      accessKey: this.store['MINIO_ACCESS_KEY']!,
      secretKey: this.store['MINIO_SECRET_KEY']!,
    });
  }
}
