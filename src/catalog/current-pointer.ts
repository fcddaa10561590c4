/** Content of `current.json`: the current version for readers without the database. */
import { CROISSANT_FILE } from './metadata/index.js';
import type { PublishedTable, PublishedVersion } from './types.js';

export interface CurrentPointer {
  readonly dataset: string;
  readonly version: string;
  readonly source: string;
  /** `datasets/<dataset>/v<version>-<digest8>-<run8>`; carried-over tables lie under older ones. */
  readonly prefix: string;
  /** ISO 8601, UTC. */
  readonly publishedAt: string;
  /** Counts the changes of what is current; a reader who has seen a higher one reads something old. */
  readonly generation: number;
  readonly croissant: string;
  readonly tables: ReadonlyArray<{
    readonly name: string;
    /** Object keys in the order of the rows. */
    readonly keys: readonly string[];
    readonly rows: number;
    readonly bytes: number;
    /** Hex, one a key. */
    readonly sha256: readonly string[];
  }>;
}

/** Where the pointer is built from: the catalog. */
export interface PointerSource {
  findPublication(dataset: string): Promise<PublishedVersion | undefined>;
  versionTables(versionId: string): Promise<PublishedTable[]>;
}

/** Built from what is current in the catalog, so that a late writer never turns readers back to an older version. */
export async function buildCurrentPointer(
  catalog: PointerSource,
  dataset: string,
): Promise<CurrentPointer | undefined> {
  const version = await catalog.findPublication(dataset);
  if (!version) return undefined;
  return currentPointer(dataset, version, await catalog.versionTables(version.versionId));
}

function currentPointer(
  dataset: string,
  version: PublishedVersion,
  tables: readonly PublishedTable[],
): CurrentPointer {
  const { sourceVersion, sourceKind, sourceReference, prefix, publishedAt, generation } = version;
  return {
    dataset,
    version: sourceVersion,
    source: `${sourceKind}:${sourceReference}`,
    prefix,
    publishedAt,
    generation,
    croissant: `${prefix}/${CROISSANT_FILE}`,
    tables: tables.map(({ name, parts, rows, parquetBytes }) => ({
      name,
      keys: parts.map(({ key }) => key),
      rows,
      bytes: parquetBytes,
      sha256: parts.map(({ sha256 }) => sha256),
    })),
  };
}
