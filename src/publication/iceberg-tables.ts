/** What a version's tables are for Iceberg: of a publication that is about to be one, or of a version that is stored. */
import type {
  Catalog,
  DescribedTable,
  PublicationContent,
  PublishedPart,
  StoredTableDescription,
} from '../catalog/index.js';
import { citationOf, joinParts, withoutPersonalData } from '../catalog/index.js';
import type { ColumnDescription } from '../convert/types.js';
import { ImportError } from '../errors/index.js';
import type { DataFileStatistics } from '../iceberg/index.js';

export interface VersionTable {
  readonly name: string;
  readonly originalPath: string;
  readonly description?: string | undefined;
  /** Hex. */
  readonly sourceSha256: string;
  readonly rows: number;
  readonly rejects: number;
  readonly columns: readonly ColumnDescription[];
  readonly parts: readonly TablePart[];
  /** The version whose snapshot of the table is as good as a new one. */
  readonly snapshotOf?: string;
  /** The version whose parts it has kept, and to which the others are appended. */
  readonly appendedTo?: string;
}

export interface TablePart extends PublishedPart {
  /** By column name. */
  readonly statistics: ReadonlyMap<string, DataFileStatistics>;
}

/** Named by its prefix: a version that is not in the catalog yet has no other name. */
export interface VersionContent {
  readonly dataset: string;
  readonly prefix: string;
  readonly sourceVersion: string;
  readonly source: string;
  readonly licence?: string | undefined;
  readonly description?: string | undefined;
  readonly citation?: string | undefined;
  readonly provenance: Readonly<Record<string, unknown>>;
  /** Of what is made for it; milliseconds since 1970. */
  readonly nowMs: number;
  readonly tables: readonly VersionTable[];
}

/** Carried-over tables are those of the current version. */
export async function contentOfPublication(
  catalog: Pick<Catalog, 'findPublication' | 'describeTables'>,
  { entry, pin, prefix, provenance, tables, carriedOver }: PublicationContent,
  nowMs: number,
): Promise<VersionContent> {
  const current = carriedOver.length > 0 ? await catalog.findPublication(entry.name) : undefined;
  const before = current ? await catalog.describeTables(current.versionId) : [];
  const kept = before.filter(({ name }) => carriedOver.includes(name));
  return {
    ...{ dataset: entry.name, prefix, sourceVersion: pin.version, provenance, nowMs },
    source: `${pin.kind}:${pin.reference}`,
    licence: entry.licence ?? pin.description.licence,
    description: entry.description,
    citation: entry.citation ?? citationOf(pin.description, pin.version),
    tables: [
      ...tables.map(freshTable),
      ...kept.map((table) => ({ ...storedTable(table), snapshotOf: current!.prefix })),
    ],
  };
}

/** Throws VERSION_MISSING. */
export async function contentOfVersion(
  catalog: Pick<Catalog, 'findVersions' | 'describeTables'>,
  dataset: string,
  versionId: string,
): Promise<VersionContent> {
  const version = (await catalog.findVersions(dataset)).find((one) => one.versionId === versionId);
  if (!version) throw new ImportError('VERSION_MISSING', { place: dataset, found: versionId });
  const { prefix, sourceVersion, sourceKind, sourceReference, provenance } = version;
  const { licence, description, citation } = version;
  const tables = await catalog.describeTables(versionId);
  return {
    ...{ dataset, prefix, sourceVersion, provenance, nowMs: Date.now() },
    ...{ licence, description, citation },
    source: `${sourceKind}:${sourceReference}`,
    tables: tables.map((table) => ({ ...storedTable(table), snapshotOf: prefix })),
  };
}

function freshTable({ description, objects }: StoredTableDescription): VersionTable {
  const { table, result, columns, partStatistics, grownFrom } = description;
  const known = columns.map(withoutPersonalData);
  return {
    ...{ name: table.name, originalPath: table.originalPath, sourceSha256: table.sourceSha256 },
    ...{ description: table.description },
    ...{ rows: result.rows, rejects: result.rejects, columns: known },
    ...(grownFrom && { appendedTo: grownFrom.prefix }),
    parts: joinParts(result.parts, objects).map((part, index) => ({
      ...part,
      statistics: new Map(Object.entries(partStatistics[index] ?? {})),
    })),
  };
}

function storedTable({ columns, parts, ...table }: DescribedTable): VersionTable {
  const { name, originalPath, description, sourceSha256, rows, rejects } = table;
  return {
    ...{ name, originalPath, description, sourceSha256, rows, rejects, columns },
    parts: parts.map((part) => ({ ...part, statistics: nullCounts(columns, parts.length) })),
  };
}

/** The catalog counts them in a table, which is in a part where there is one. */
function nullCounts(columns: readonly ColumnDescription[], parts: number) {
  const counted = parts === 1 ? columns : [];
  return new Map(
    counted.map(({ name, stats }) => [
      name,
      { nulls: typeof stats.nullCount === 'number' ? stats.nullCount : undefined },
    ]),
  );
}
