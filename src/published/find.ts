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
  const versions = await catalog.findVersions(dataset);
  if (versions.length === 0) throw await unpublished(catalog, dataset);
  const version = versions.find(({ current, sourceVersion }) =>
    wanted === undefined ? current : sourceVersion === wanted,
  );
  if (!version) {
    const known = [...new Set(versions.map(({ sourceVersion }) => sourceVersion))];
    throw new ImportError('VERSION_UNKNOWN', {
      place: dataset,
      expected: `one of ${known.join(', ')}`,
      found: wanted ?? 'none that is current',
    });
  }
  return { dataset, version, tables: await catalog.describeTables(version.versionId) };
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
