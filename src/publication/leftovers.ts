/** Removes what a run has stored for a version that did not become one: its own objects, and nothing else. */
import type { Catalog, RunId } from '../catalog/index.js';
import type { ObjectStore } from '../store/index.js';

/**
 * The catalog is asked first: from then on no late publisher can make a version of what is being removed.
 * Leaves a published prefix alone, and one of another run. Gives how many objects there were.
 */
export async function removeLeftovers(
  { catalog, store }: { readonly catalog: Catalog; readonly store: ObjectStore },
  prefix: string,
  run: RunId,
  signal?: AbortSignal,
): Promise<number> {
  const largeKeys = await catalog.releasePrefix(prefix, run);
  if (!largeKeys) return 0;
  const below = `${prefix}/`;
  await store.removeUnfinished(below, largeKeys, signal);
  const left = await store.list(below, signal);
  await store.remove(
    left.map(({ key }) => key),
    signal,
  );
  await catalog.prefixRemoved(prefix);
  return left.length;
}
