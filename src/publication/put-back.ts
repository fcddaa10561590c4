/** Puts the right bytes in the place of a published object that is missing or altered. */
import { PARQUET_TYPE, type Catalog } from '../catalog/index.js';
import type { ParquetPart } from '../convert/types.js';
import type { ObjectStore } from '../store/index.js';

/**
 * The bytes are those that the catalog names, under a key that is this catalog's. They take the place of what lies there
 * in one step: no reader finds a gap, and a kill leaves the one or the other. False when somebody else was at it.
 */
export async function putBack(
  { catalog, store }: { readonly catalog: Catalog; readonly store: ObjectStore },
  key: string,
  file: string,
  { sha256, bytes }: ParquetPart,
  signal: AbortSignal,
): Promise<boolean> {
  const there = await store.head(key, signal);
  const options = { sha256, bytes, contentType: PARQUET_TYPE, signal };
  const isBack = await store.putBack(key, file, options, there?.etag);
  if (isBack) await catalog.forgetDamage([key]);
  return isBack;
}
