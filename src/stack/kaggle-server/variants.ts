/** Other states of a stored object, for faults: replaced by a newer one, or cut short in the bucket itself. */
import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Fault } from './faults.js';
import { fileObject, type StoredObject } from './objects.js';

const HOUR_MS = 3_600_000;

/** The object that the storage host serves under this fault; the true one for most. */
export async function variantOf(
  object: StoredObject,
  fault: Fault | undefined,
  scratch: string,
): Promise<StoredObject> {
  if (fault?.kind === 'changed') {
    const bytes = replaced(await readFile(object.path));
    return stored(bytes, scratch, object.modifiedMs + HOUR_MS);
  }
  if (fault?.kind === 'truncated') {
    const bytes = await readFile(object.path);
    const toBytes = fault.toBytes ?? Math.floor(bytes.length / 2);
    return stored(bytes.subarray(0, toBytes), scratch, object.modifiedMs);
  }
  return object;
}

async function stored(bytes: Buffer, scratch: string, modifiedMs: number): Promise<StoredObject> {
  const file = path.join(scratch, randomUUID());
  await writeFile(file, bytes);
  return fileObject(file, modifiedMs);
}

/** Other bytes of the same meaning: a zip gets a comment, text a last line break. */
function replaced(bytes: Buffer): Buffer {
  if (bytes.subarray(0, 2).toString('latin1') !== 'PK')
    return Buffer.concat([bytes, Buffer.from('\n')]);
  const comment = Buffer.from('replaced');
  const copy = Buffer.concat([bytes, comment]);
  // An archive without comment ends with the comment's length.
  copy.writeUInt16LE(comment.length, bytes.length - 2);
  return copy;
}
