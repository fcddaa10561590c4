/** Makes a stored version current, as a person wants it: its objects first, then the catalog, then the pointer. */
import type { DescribedVersion } from '../catalog/index.js';
import { ImportError } from '../errors/index.js';
import { withIceberg, type IcebergPlace } from './iceberg.js';
import { contentOfVersion } from './iceberg-tables.js';
import { missingObjects } from './missing.js';
import { movePointer } from './pointer.js';

/**
 * An older version by `rollback`, one that is held by `approve`. Again without effect but for a pointer that was left
 * behind: false when the version is current already. Throws OBJECT_MISSING when it is not complete, VERSION_REMOVED,
 * VERSION_HELD, VERSION_NOT_HELD.
 */
export async function goBack(
  place: IcebergPlace,
  dataset: string,
  { versionId, sourceVersion }: Pick<DescribedVersion, 'versionId' | 'sourceVersion'>,
  signal: AbortSignal,
  by: 'rollback' | 'approve' = 'rollback',
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
    catalog[by](dataset, versionId, move),
  );
  await movePointer({ catalog, store }, dataset, signal);
  return hasChanged;
}
