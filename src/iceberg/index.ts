/** Tables in Apache Iceberg's format, version 2, over Parquet that is stored already. Knows no store and no catalog. */
export { buildMetadata, uuidOf, type MetadataRequest, type TaggedSnapshot } from './metadata.js';
export { buildSchema, type BuiltSchema, type DocumentedColumn } from './schema.js';
export { identify, type IdentifiedField, type SourceColumn } from './field-id.js';
export { buildSnapshot, type NewObject, type NewSnapshot } from './snapshot.js';
export type { DataFile, DataFileStatistics } from './manifest.js';
export type { IcebergObject, Origin, Snapshot } from './types.js';
