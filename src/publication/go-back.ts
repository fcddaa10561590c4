/** Makes an older version current again: its objects first, then the catalog, then the pointer for other readers. */
import type { Catalog, DescribedVersion } from '../catalog/index.js';
import { ImportError } from '../errors/index.js';
import type { ObjectStore } from '../store/index.js';
import { missingObjects } from './missing.js';
import { movePointer } from './pointer.js';

/**
 * Again without effect but for a pointer that was left behind: false when the version is current already.
 * Throws OBJECT_MISSING when it is not complete, VERSION_REMOVED.
 */
export async function goBack(
  { catalog, store }: { readonly catalog: Catalog; readonly store: ObjectStore },
  dataset: string,
  { versionId, sourceVersion }: Pick<DescribedVersion, 'versionId' | 'sourceVersion'>,
  signal: AbortSignal,
): Promise<boolean> {
  const objects = await catalog.versionObjects(versionId);
  const missing = await missingObjects({ catalog, store }, objects, signal);
  if (missing[0]) {
    throw new ImportError('OBJECT_MISSING', {
      place: store.url(missing[0].key),
      expected: `all ${objects.length} objects of version ${sourceVersion}`,
      found: `${missing.length} that are gone or not of their size`,
      nextStep: `Nothing has changed. See the other versions with \`make versions NAME=${dataset}\`.`,
    });
  }
  const hasChanged = await catalog.rollback(dataset, versionId);
  await movePointer({ catalog, store }, dataset, signal);
  return hasChanged;
}
