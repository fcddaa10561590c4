/** What a stored table was converted with, so that it can be converted again. */
import type { DescribedTable, DescribedVersion } from '../catalog/index.js';
import type { DatasetEntry } from '../config/datasets.js';
import type { ConvertRequest } from '../convert/convert-table.js';
import type { TableSource } from '../convert/types.js';
import { parquetMetadata } from './parquet-metadata.js';

/** Of a table that has grown, files stand in the order in which they have come, under the types that they came to. */
export function asStored(
  source: TableSource,
  { dialect, columns }: DescribedTable,
): Pick<ConvertRequest, 'table' | 'held'> {
  const { members } = source;
  if (!members || dialect['append'] === undefined) return { table: source };
  const files = (dialect['files'] as Array<{ readonly path: string }>).map(({ path }) => path);
  const ordered = [...members].sort(
    (one, other) => files.indexOf(one.originalPath) - files.indexOf(other.originalPath),
  );
  return { table: { ...source, members: ordered }, held: columns };
}

/** As the import of that version wrote it into the Parquet. */
export function metadataOf(
  { sourceKind, sourceReference, sourceVersion, checksum, provenance }: DescribedVersion,
  entry: DatasetEntry,
  { originalPath }: DescribedTable,
): Record<string, string> {
  const text = (name: string) => provenance[name] as string | undefined;
  return parquetMetadata({
    source: { kind: sourceKind, reference: sourceReference, version: sourceVersion },
    ...{ checksum, file: originalPath, entry, about: provenance },
    licence: text('licence'),
    tool: text('tool') ?? 'unknown',
  });
}
