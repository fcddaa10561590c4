/** The statements of the transaction that makes a version current, in the order in which they run. */

/** Creates the dataset's row or brings it up to date; locks it, so that two publishers go one after the other. */
export const UPSERT_DATASET = `
  INSERT INTO datasets AS d (
    dataset_name, kaggle_ref, source_kind, source_reference, title, description,
    domain, task, target_column, licence, licence_spdx, keywords, citation
  )
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
  ON CONFLICT (dataset_name) DO UPDATE SET
    kaggle_ref = excluded.kaggle_ref,
    source_kind = excluded.source_kind,
    source_reference = excluded.source_reference,
    title = excluded.title,
    description = excluded.description,
    domain = excluded.domain,
    task = excluded.task,
    target_column = excluded.target_column,
    licence = excluded.licence,
    licence_spdx = excluded.licence_spdx,
    keywords = excluded.keywords,
    citation = excluded.citation,
    updated_at = now()
  RETURNING d.id, d.current_version_id AS "currentVersionId"`;

/** Totals and state follow, once the files are in. */
export const INSERT_VERSION = `
  INSERT INTO dataset_versions (
    dataset_id, source_version, source_kind, source_reference, source_checksum, config_digest,
    digest8, prefix, provenance, workflow_id, run_id,
    state, table_count, row_count, reject_count, source_bytes, parquet_bytes
  )
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'superseded', 0, 0, 0, 0, 0)
  RETURNING id`;

/** $2: an array of files as JSON. */
export const INSERT_FILES = `
  INSERT INTO dataset_files (
    id, version_id, position, logical_role, table_name, original_filename, file_name_in_storage,
    format, mime_type, size_bytes, source_bytes, row_count, reject_count, sha256, source_sha256,
    table_digest, skip_reason, error_code, parts, checks, warnings, dialect,
    description
  )
  SELECT
    id, $1, position, logical_role, table_name, original_filename, file_name_in_storage,
    format, mime_type, size_bytes, source_bytes, row_count, reject_count, sha256, source_sha256,
    table_digest, skip_reason, error_code,
    coalesce(parts, '[]'), coalesce(checks, '[]'), coalesce(warnings, '[]'), coalesce(dialect, '{}'),
    description
  FROM jsonb_to_recordset($2::jsonb) AS file (
    id uuid, position integer, logical_role text, table_name text, original_filename text,
    file_name_in_storage text, format text, mime_type text, size_bytes bigint, source_bytes bigint,
    row_count bigint, reject_count bigint, sha256 text, source_sha256 text, table_digest text,
    skip_reason text, error_code text, parts jsonb, checks jsonb, warnings jsonb, dialect jsonb,
    description text
  )`;

/** $1: an array of columns as JSON. */
export const INSERT_COLUMNS = `
  INSERT INTO file_columns (
    file_id, position, column_name, original_name, data_type_original, data_type_interpreted,
    is_nullable, is_pii, pii_kind, example_values, stats, proof, description
  )
  SELECT
    file_id, position, column_name, original_name, data_type_original, data_type_interpreted,
    is_nullable, is_pii, pii_kind, example_values, stats, proof, description
  FROM jsonb_to_recordset($1::jsonb) AS field (
    file_id uuid, position integer, column_name text, original_name text, data_type_original text,
    data_type_interpreted text, is_nullable boolean, is_pii boolean, pii_kind text,
    example_values jsonb, stats jsonb, proof jsonb, description text
  )`;

/**
 * Copies tables ($3, by name) with their rejects and columns from version $2 to version $1, positions after
 * $4. The objects stay where they are. Answers the names of the tables that were there.
 */
export const CARRY_OVER_TABLES = `
  WITH copied AS (
    INSERT INTO dataset_files (
      version_id, position, logical_role, table_name, original_filename, file_name_in_storage,
      format, mime_type, size_bytes, source_bytes, row_count, reject_count, sha256, source_sha256,
      table_digest, carried_over_from, parts, checks, warnings, dialect, description
    )
    SELECT
      $1, $4 + row_number() OVER (ORDER BY position), logical_role, table_name, original_filename,
      file_name_in_storage, format, mime_type, size_bytes, source_bytes, row_count, reject_count,
      sha256, source_sha256, table_digest, coalesce(carried_over_from, version_id), parts, checks,
      warnings, dialect, description
    FROM dataset_files
    WHERE version_id = $2 AND logical_role IN ('table', 'rejects') AND table_name = ANY ($3)
    RETURNING id, logical_role, table_name
  ),
  copied_columns AS (
    INSERT INTO file_columns
    SELECT
      copied.id, c.position, c.column_name, c.original_name, c.data_type_original,
      c.data_type_interpreted, c.is_nullable, c.is_pii, c.pii_kind, c.example_values, c.stats,
      c.proof, c.description
    FROM copied
    JOIN dataset_files f
      ON f.version_id = $2
      AND f.logical_role = copied.logical_role
      AND f.table_name = copied.table_name
    JOIN file_columns c ON c.file_id = f.id
  )
  SELECT table_name AS name FROM copied WHERE logical_role = 'table'`;

export const SET_TOTALS = `
  UPDATE dataset_versions v
  SET table_count = t.table_count, row_count = t.row_count, reject_count = t.reject_count,
    source_bytes = t.source_bytes, parquet_bytes = t.parquet_bytes
  FROM (
    SELECT
      count(*) AS table_count,
      coalesce(sum(row_count), 0) AS row_count,
      coalesce(sum(reject_count), 0) AS reject_count,
      coalesce(sum(source_bytes), 0) AS source_bytes,
      coalesce(sum(size_bytes), 0) AS parquet_bytes
    FROM dataset_files
    WHERE version_id = $1 AND logical_role = 'table'
  ) t
  WHERE v.id = $1`;

/** Before SET_CURRENT: a dataset has one current version at every moment. */
export const SUPERSEDE_OTHERS = `
  UPDATE dataset_versions SET state = 'superseded'
  WHERE dataset_id = $1 AND id <> $2 AND state = 'current'`;

export const SET_STATE_CURRENT = `UPDATE dataset_versions SET state = 'current' WHERE id = $1`;

/** Locks the version, so that nobody removes it meanwhile. */
export const LOCK_VERSION = `
  SELECT dataset_id AS "datasetId", state FROM dataset_versions WHERE id = $1 FOR UPDATE`;

export const DATASET_OF_VERSION = `
  SELECT d.dataset_name AS dataset
  FROM dataset_versions v JOIN datasets d ON d.id = v.dataset_id
  WHERE v.id = $1`;

/** Features are the columns of all tables without the target. */
export const SET_CURRENT = `
  UPDATE datasets d
  SET current_version_id = $2,
    instances_number = (SELECT row_count FROM dataset_versions WHERE id = $2),
    features_number = (
      SELECT count(*)
      FROM file_columns c
      JOIN dataset_files f ON f.id = c.file_id AND f.logical_role = 'table'
      WHERE f.version_id = $2 AND c.column_name IS DISTINCT FROM d.target_column
    )
  WHERE d.id = $1`;
