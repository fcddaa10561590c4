/** A person's decision about a version that is held: it becomes current, or no import brings it back. */
import type { Catalog, DescribedVersion } from '../catalog/index.js';
import type { DriftDecision } from '../contract.js';
import { ImportError } from '../errors/index.js';
import { chooseVersion, findVersions } from '../published/find.js';
import { goBack } from './go-back.js';
import type { IcebergPlace } from './iceberg.js';

export type Decision = DriftDecision['decision'];

/**
 * The version that is held, or the one that is named. Throws DATASET_UNPUBLISHED, VERSION_UNKNOWN, VERSION_REMOVED, and
 * VERSION_NOT_HELD when none is.
 */
export async function findUndecided(
  catalog: Catalog,
  dataset: string,
  wanted: string | undefined,
): Promise<DescribedVersion> {
  const versions = await findVersions(catalog, dataset);
  if (wanted !== undefined) return chooseVersion(versions, dataset, wanted);
  const held = versions.find(({ state }) => state === 'held');
  if (held) return held;
  throw new ImportError('VERSION_NOT_HELD', { place: dataset, found: 'no version that is held' });
}

/**
 * Again without effect: false when it was decided so already. Throws VERSION_NOT_HELD, also when something newer has
 * been published, and OBJECT_MISSING when a version to be approved is not complete.
 */
export async function decide(
  place: IcebergPlace,
  dataset: string,
  version: Pick<DescribedVersion, 'versionId' | 'sourceVersion'>,
  decision: Decision,
  signal: AbortSignal,
): Promise<boolean> {
  if (decision === 'approve') return goBack(place, dataset, version, signal, 'approve');
  return place.catalog.reject(dataset, version.versionId);
}
