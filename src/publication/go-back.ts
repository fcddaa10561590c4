/** Makes an older version current again: its objects first, then the catalog, then the pointer for other readers. */
import type { DescribedVersion } from '../catalog/index.js';
import { ImportError } from '../errors/index.js';
import { withIceberg, type IcebergPlace } from './iceberg.js';
import { contentOfVersion } from './iceberg-tables.js';
import { missingObjects } from './missing.js';
import { movePointer } from './pointer.js';

/**
 * Again without effect but for a pointer that was left behind: false when the version is current already.
 * Throws OBJECT_MISSING when it is not complete, VERSION_REMOVED.
 */
export async function goBack(
  place: IcebergPlace,
  dataset: string,
  { versionId, sourceVersion }: Pick<DescribedVersion, 'versionId' | 'sourceVersion'>,
  signal: AbortSignal,
): Promise<boolean> {
  const { catalog, store } = place;
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
  const content = await contentOfVersion(catalog, dataset, versionId);
  const hasChanged = await withIceberg(place, content, signal, (move) =>
    catalog.rollback(dataset, versionId, move),
  );
  await movePointer({ catalog, store }, dataset, signal);
  return hasChanged;
}
