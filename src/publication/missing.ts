/** Whether the objects that the catalog names are in the store: one list request for all of them. */
import type { Catalog } from '../catalog/index.js';
import type { ObjectStore } from '../store/index.js';

export interface WantedObject {
  readonly key: string;
  /** Any size will do when absent. */
  readonly bytes?: number;
}

/** Those that are not there, or not with their size, or that a verification has found altered. */
export async function missingObjects<Wanted extends WantedObject>(
  { catalog, store }: { readonly catalog: Catalog; readonly store: ObjectStore },
  wanted: readonly Wanted[],
  signal?: AbortSignal,
): Promise<Wanted[]> {
  if (wanted.length === 0) return [];
  const keys = wanted.map(({ key }) => key);
  const damaged = await catalog.damagedKeys(keys);
  const found = await store.list(commonPrefix(keys), signal);
  const sizes = new Map(found.map(({ key, bytes }) => [key, bytes]));
  return wanted.filter(({ key, bytes }) => {
    const size = sizes.get(key);
    return size === undefined || (bytes !== undefined && size !== bytes) || damaged.has(key);
  });
}

/** Of one version it is its folder; tables that were carried over lie beside it, below the dataset's. */
function commonPrefix(keys: readonly string[]): string {
  return keys.reduce((prefix, key) => {
    let length = 0;
    while (length < prefix.length && prefix[length] === key[length]) length += 1;
    return prefix.slice(0, length);
  });
}
