/** A publication as rows of dataset_files and file_columns. */
import { randomUUID } from 'node:crypto';
import { posix } from 'node:path';
import type { ParquetPart, SkippedFile } from '../convert/types.js';
import type { StoredObject } from '../store/types.js';
import { withoutPersonalData } from './personal-data.js';
import type {
  KeptFile,
  Publication,
  PublishedPart,
  StoredMetadata,
  StoredTableDescription,
} from './types.js';

export const PARQUET_TYPE = 'application/vnd.apache.parquet';

/** A row as `jsonb_to_recordset` reads it: absent keys are NULL. */
type Row = Readonly<Record<string, unknown>>;

export interface FileRows {
  readonly files: readonly Row[];
  readonly columns: readonly Row[];
}

/** Everything of a publication but what is carried over. */
export function fileRows({ tables, skipped, kept = [], metadata }: Publication): FileRows {
  const files: Row[] = [];
  const columns: Row[] = [];
  for (const table of tables) {
    const id = randomUUID();
    files.push({ id, ...tableRow(table) });
    columns.push(...columnRows(id, table));
    if (table.rejectsObject) files.push({ id: randomUUID(), ...rejectsRow(table) });
  }
  files.push(...skipped.map((file) => ({ id: randomUUID(), ...skippedRow(file) })));
  files.push(...kept.map((file) => ({ id: randomUUID(), ...keptRow(file) })));
  files.push(...metadata.map((file) => ({ id: randomUUID(), ...metadataRow(file) })));
  return { files: files.map((file, position) => ({ ...file, position })), columns };
}

function tableRow({ description, tableDigest, objects }: StoredTableDescription): Row {
  const { table, result, checks, dialect, decisions, byteLedger } = description;
  const parts = joinParts(result.parts, objects);
  return {
    logical_role: 'table',
    table_name: table.name,
    original_filename: table.originalPath,
    description: table.description,
    file_name_in_storage: storageName(parts),
    format: table.format,
    mime_type: PARQUET_TYPE,
    size_bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0),
    source_bytes: table.sourceBytes,
    row_count: result.rows,
    reject_count: result.rejects,
    // Of one object; the parts have their own.
    sha256: parts.length === 1 ? parts[0]!.sha256 : null,
    source_sha256: table.sourceSha256,
    table_digest: tableDigest,
    parts,
    checks,
    warnings: result.warnings,
    dialect: { ...dialect, decisions, byteLedger },
  };
}

function rejectsRow({ description, rejectsObject }: StoredTableDescription): Row {
  const { table, result } = description;
  const parts = joinParts(
    result.rejectsPart ? [result.rejectsPart] : [],
    rejectsObject ? [rejectsObject] : [],
  );
  return {
    logical_role: 'rejects',
    table_name: table.name,
    original_filename: table.originalPath,
    file_name_in_storage: storageName(parts),
    format: 'parquet',
    mime_type: PARQUET_TYPE,
    size_bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0),
    row_count: result.rejects,
    sha256: parts[0]?.sha256 ?? null,
    parts,
  };
}

function skippedRow({ originalPath, bytes, reason, failure }: SkippedFile): Row {
  return {
    logical_role: 'skipped',
    table_name: failure?.table,
    error_code: failure?.code,
    original_filename: originalPath,
    source_bytes: bytes,
    skip_reason: reason,
  };
}

function keptRow({ path, key, bytes, sha256, mediaType }: KeptFile): Row {
  return {
    logical_role: 'kept',
    original_filename: path,
    file_name_in_storage: key,
    mime_type: mediaType,
    size_bytes: bytes,
    source_bytes: bytes,
    sha256,
    parts: key === undefined ? [] : [{ key, bytes, rows: 0, sha256 }],
  };
}

function metadataRow({ name, mediaType, key, bytes, sha256 }: StoredMetadata): Row {
  return {
    logical_role: 'metadata',
    original_filename: name,
    file_name_in_storage: key,
    format: 'json',
    mime_type: mediaType,
    size_bytes: bytes,
    sha256,
  };
}

function columnRows(fileId: string, { description }: StoredTableDescription): Row[] {
  return description.columns.map(withoutPersonalData).map((column) => ({
    file_id: fileId,
    position: column.position,
    column_name: column.name,
    original_name: column.originalName,
    data_type_original: column.originalType,
    data_type_interpreted: column.type,
    is_nullable: column.nullable,
    is_pii: column.personalData !== undefined,
    pii_kind: column.personalData,
    example_values: column.examples,
    stats: column.stats,
    proof: column.proof,
    description: column.description,
  }));
}

/** Rows from the conversion, key and verified bytes from the store. */
export function joinParts(
  parts: readonly ParquetPart[],
  objects: readonly StoredObject[],
): PublishedPart[] {
  return objects.map(({ key, bytes, sha256 }, index) => ({
    key,
    bytes,
    rows: parts[index]?.rows ?? 0,
    sha256,
  }));
}

/** The key of one object, or the pattern that Parquet readers take for several; those of a grown table have none. */
function storageName(parts: readonly PublishedPart[]): string | null {
  const first = parts[0];
  if (!first) return null;
  if (parts.length === 1) return first.key;
  const folder = posix.dirname(first.key);
  const isOne = parts.every(({ key }) => posix.dirname(key) === folder);
  return isOne ? `${folder}/part-*.parquet` : null;
}
