-- For readers: what is current, column by column, and how the imports went; and an index for what runs now.

CREATE VIEW current_datasets AS
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
  d.generation
FROM datasets d
JOIN dataset_versions v ON v.id = d.current_version_id;

CREATE VIEW current_columns AS
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
  c.proof
FROM datasets d
JOIN dataset_files f ON f.version_id = d.current_version_id AND f.logical_role = 'table'
JOIN file_columns c ON c.file_id = f.id;

CREATE VIEW import_history AS
SELECT
  i.dataset_name,
  i.started_at,
  i.ended_at,
  i.ended_at - i.started_at AS duration,
  i.outcome,
  i.error_code,
  i.error_message,
  v.source_version,
  i.rows,
  i.tables,
  i.source_bytes,
  i.parquet_bytes,
  i.transferred_bytes,
  i.cache_hit,
  i.prefix,
  i.workflow_id,
  i.run_id
FROM imports i
LEFT JOIN dataset_versions v ON v.id = i.version_id;

-- Few rows among millions: asked for by every worker, every ten minutes.
CREATE INDEX imports_unfinished ON imports (started_at) WHERE ended_at IS NULL;
-- What removes a version asks which runs name it.
CREATE INDEX imports_of_version ON imports (version_id) WHERE version_id IS NOT NULL;
CREATE INDEX dataset_versions_of_run ON dataset_versions (run_id);
