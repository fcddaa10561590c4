/** Moves `current.json` to what is current in the catalog, and never back, whoever writes beside us. */
import { buildCurrentPointer, type Catalog } from '../catalog/index.js';
import type { ObjectStore } from '../store/index.js';

export function pointerKey(root: string, dataset: string): string {
  return `${root}datasets/${dataset}/current.json`;
}

/**
 * The pointer is read before the catalog, and written over exactly what was read: whoever stood still in
 * between, while others went on, is refused and looks again. Looks again after its write as well, for stores
 * that know no conditions. Writes nothing that is there.
 */
export async function movePointer(
  { catalog, store }: { readonly catalog: Catalog; readonly store: ObjectStore },
  dataset: string,
  signal: AbortSignal,
): Promise<void> {
  const key = pointerKey(store.root, dataset);
  for (;;) {
    const before = await store.getText(key, signal);
    const pointer = await buildCurrentPointer(catalog, dataset);
    if (!pointer) return;
    const text = JSON.stringify(pointer, null, 2);
    const isThere = before?.text === text;
    if (!isThere && !(await store.putText(key, text, before?.etag, signal))) continue;
    const after = await catalog.findPublication(dataset);
    if (after?.generation === pointer.generation) return;
  }
}

/** Where the pointer is not what the catalog says; a publication in this moment is none. */
export async function pointerProblem(
  { catalog, store }: { readonly catalog: Catalog; readonly store: ObjectStore },
  dataset: string,
  signal: AbortSignal,
): Promise<{ key: string; expected: string; found: string } | undefined> {
  const key = pointerKey(store.root, dataset);
  for (;;) {
    const there = await store.getText(key, signal);
    const pointer = await buildCurrentPointer(catalog, dataset);
    if (!pointer || there?.text === JSON.stringify(pointer, null, 2)) return undefined;
    const again = await store.getText(key, signal);
    if (again?.etag !== there?.etag) continue;
    const expected = `version ${pointer.version}, generation ${pointer.generation}, and its tables`;
    return { key, expected, found: there ? 'another text' : 'no object' };
  }
}
