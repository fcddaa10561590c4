/** A bucket, or a prefix of it, belongs to one catalog: a marker object says to which. */
import { ImportError } from '../errors/index.js';
import type { ObjectStore } from './object-store.js';

/** Below the root of the store. */
export const MARKER = 'kaggle-import.json';

/**
 * Makes the bucket and its marker where they are missing. Two catalogs in one place would remove each
 * other's objects without knowing of them: throws STORE_OF_ANOTHER_CATALOG when the marker names another one.
 */
export async function requireOwnBucket(
  store: ObjectStore,
  catalogId: string,
  signal: AbortSignal,
): Promise<void> {
  await store.ensureReady(signal);
  const key = `${store.root}${MARKER}`;
  const text = JSON.stringify({ catalog: catalogId, madeBy: 'kaggle-import' }, null, 2);
  for (;;) {
    const marker = await store.getText(key, signal);
    if (marker) return requireSame(marker.text, catalogId, store, key);
    // False when another worker was faster: then its marker is there to be read.
    if (await store.putText(key, text, undefined, signal)) return;
  }
}

function requireSame(text: string, catalogId: string, store: ObjectStore, key: string): void {
  const found = catalogOf(text);
  if (found === catalogId) return;
  throw new ImportError('STORE_OF_ANOTHER_CATALOG', {
    place: `${store.description}, ${key}`,
    expected: `catalog ${catalogId}`,
    found: found === undefined ? 'a marker that names no catalog' : `catalog ${found}`,
  });
}

function catalogOf(text: string): string | undefined {
  try {
    const { catalog } = JSON.parse(text) as { catalog?: unknown };
    return typeof catalog === 'string' ? catalog : undefined;
  } catch {
    return undefined;
  }
}
