/** Objects of the storage host: files on disk with the checksums and dates that it announces. */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import yazl from 'yazl';

export interface StoredObject {
  readonly path: string;
  readonly sizeBytes: number;
  readonly md5Base64: string;
  /** Quoted, as GCS sends it: the MD5 in hexadecimal. */
  readonly etag: string;
  readonly modifiedMs: number;
}

export async function fileObject(file: string, modifiedMs: number): Promise<StoredObject> {
  const md5 = createHash('md5');
  for await (const chunk of createReadStream(file)) md5.update(chunk as Buffer);
  const digest = md5.digest();
  const { size } = await stat(file);
  return {
    path: file,
    sizeBytes: size,
    md5Base64: digest.toString('base64'),
    etag: `"${digest.toString('hex')}"`,
    modifiedMs,
  };
}

/** Zips files in name order with fixed dates: the same files give the same archive, byte for byte. */
export async function zipObject(
  files: ReadonlyMap<string, StoredObject>,
  folder: string,
  modifiedMs: number,
): Promise<StoredObject> {
  const zip = new yazl.ZipFile();
  // DOS times are local; without the UTC extension the bytes do not depend on the time zone.
  const options = { mtime: new Date(2024, 0, 1), mode: 0o100644, forceDosTimestamp: true };
  for (const [name, { path: source }] of files) zip.addFile(source, name, options);
  zip.end();
  const target = path.join(folder, `${randomUUID()}.zip`);
  await pipeline(zip.outputStream, createWriteStream(target));
  return fileObject(target, modifiedMs);
}
