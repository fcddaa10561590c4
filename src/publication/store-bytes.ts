/** Stores a small object from memory by the same rules as every other: never rewritten, checked after the write. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NewObject } from '../iceberg/index.js';
import type { ObjectStore } from '../store/index.js';

export async function storeBytes(
  store: ObjectStore,
  { key, bytes, sha256, content, contentType }: NewObject,
  signal: AbortSignal,
): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'kaggle-import-object-'));
  try {
    const file = join(directory, 'object');
    await writeFile(file, content);
    await store.putImmutable(key, file, { sha256, bytes, contentType, signal });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
