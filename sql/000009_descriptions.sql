-- What a source says of a dataset, its files and its columns, for people. Only adds: workers of the version before go
-- on beside new ones, and leave it out.

ALTER TABLE datasets
  ADD COLUMN keywords text[] NOT NULL DEFAULT '{}',
  ADD COLUMN citation text,
  -- The licence by its identifier in the list of SPDX, where it has one.
  ADD COLUMN licence_spdx text;
ALTER TABLE dataset_files ADD COLUMN description text;
ALTER TABLE file_columns ADD COLUMN description text;

CREATE OR REPLACE VIEW current_tables AS
SELECT
  d.dataset_name,
  v.source_version,
  v.published_at,
  f.table_name,
  f.original_filename,
  f.file_name_in_storage,
  f.row_count,
  f.size_bytes,
  f.sha256,
  f.parts,
  f.description
FROM datasets d
JOIN dataset_versions v ON v.id = d.current_version_id
JOIN dataset_files f ON f.version_id = v.id AND f.logical_role = 'table';

CREATE OR REPLACE VIEW current_datasets AS
SELECT
  d.dataset_name,
  d.title,
  d.description,
  d.domain,
  d.task,
  d.target_column,
  d.licence,
  v.source_kind,
  v.source_reference,
  v.source_version,
  v.published_at,
  v.table_count,
  v.row_count,
  v.reject_count,
  v.source_bytes,
  v.parquet_bytes,
  v.prefix,
  d.generation,
  d.keywords,
  d.citation,
  d.licence_spdx
FROM datasets d
JOIN dataset_versions v ON v.id = d.current_version_id;

CREATE OR REPLACE VIEW current_columns AS
SELECT
  d.dataset_name,
  f.table_name,
  c.position,
  c.column_name,
  c.original_name,
  c.data_type_original,
  c.data_type_interpreted,
  c.is_nullable,
  c.is_pii,
  c.pii_kind,
  c.column_name IS NOT DISTINCT FROM d.target_column AS is_target,
  c.example_values,
  c.stats,
  c.proof,
  c.description
FROM datasets d
JOIN dataset_files f ON f.version_id = d.current_version_id AND f.logical_role = 'table'
JOIN file_columns c ON c.file_id = f.id;
