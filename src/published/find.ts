/** Finds what a handle names in the catalog, or says what there is instead. */
import type { Catalog, DescribedTable, DescribedVersion } from '../catalog/index.js';
import { nearest } from '../config/nearest.js';
import { ImportError } from '../errors/index.js';
import type { Handle } from './handle.js';

export interface FoundVersion {
  readonly dataset: string;
  readonly version: DescribedVersion;
  /** By name. */
  readonly tables: readonly DescribedTable[];
}

export type Descriptions = Pick<Catalog, 'findVersions' | 'describeTables' | 'listDatasets'>;

/** Throws DATASET_UNPUBLISHED or VERSION_UNKNOWN. */
export async function findVersion(
  catalog: Descriptions,
  { dataset, version: wanted }: Handle,
): Promise<FoundVersion> {
  const version = chooseVersion(await findVersions(catalog, dataset), dataset, wanted);
  return { dataset, version, tables: await catalog.describeTables(version.versionId) };
}

/** Newest first, those that were removed too; one at least. Throws DATASET_UNPUBLISHED. */
export async function findVersions(
  catalog: Descriptions,
  dataset: string,
): Promise<DescribedVersion[]> {
  const versions = await catalog.findVersions(dataset);
  if (versions.length === 0) throw await unpublished(catalog, dataset);
  return versions;
}

/**
 * By the source's own version, or by the folder of its objects, which tells apart two versions of one source.
 * The current one when none is wanted. Throws VERSION_UNKNOWN, VERSION_REMOVED.
 */
export function chooseVersion(
  versions: readonly DescribedVersion[],
  dataset: string,
  wanted: string | undefined,
): DescribedVersion {
  // A handle has lost the `v` before its version.
  const names = [wanted, `v${wanted}`];
  const found = versions.filter(({ current, sourceVersion, prefix }) =>
    wanted === undefined
      ? current
      : names.includes(sourceVersion) || names.includes(versionFolder(prefix)),
  );
  const version = found.find(({ state }) => state !== 'removed');
  if (version) return version;
  const stored = versions.filter(({ state }) => state !== 'removed');
  throw new ImportError(found.length > 0 ? 'VERSION_REMOVED' : 'VERSION_UNKNOWN', {
    place: dataset,
    expected: `one of ${[...new Set(stored.map(({ sourceVersion }) => sourceVersion))].join(', ')}`,
    found: wanted ?? 'none that is current',
  });
}

/** For people: with its folder, as a source may be published twice. */
export function versionName({ sourceVersion, prefix }: DescribedVersion): string {
  return `${sourceVersion} (${versionFolder(prefix)})`;
}

/** `v3-0a1b2c3d-4e5f6a7b` of the prefix `datasets/iris/v3-0a1b2c3d-4e5f6a7b`. */
export function versionFolder(prefix: string): string {
  return prefix.slice(prefix.lastIndexOf('/') + 1);
}

/** The one table that the handle names, or the only one there is. Throws also TABLE_UNKNOWN. */
export async function findTable(
  catalog: Descriptions,
  handle: Handle,
): Promise<{ readonly version: DescribedVersion; readonly table: DescribedTable }> {
  const { version, tables } = await findVersion(catalog, handle);
  return { version, table: chooseTable(tables, handle) };
}

export function chooseTable(
  tables: readonly DescribedTable[],
  { dataset, table: wanted }: Handle,
): DescribedTable {
  const table =
    wanted === undefined && tables.length === 1
      ? tables[0]
      : tables.find(({ name }) => name === wanted);
  if (table) return table;
  throw new ImportError('TABLE_UNKNOWN', {
    place: dataset,
    expected: `one of ${tables.map(({ name }) => name).join(', ')}`,
    found: wanted ?? 'none named, and there are several',
  });
}

async function unpublished(catalog: Descriptions, dataset: string): Promise<ImportError> {
  const published = (await catalog.listDatasets())
    .filter(({ sourceVersion }) => sourceVersion !== undefined)
    .map((one) => one.dataset);
  const meant = nearest(dataset, published);
  return new ImportError('DATASET_UNPUBLISHED', {
    place: dataset,
    ...(meant !== undefined && { found: `the nearest published name is ${meant}` }),
  });
}
