/** What readers ask the catalog. */

export const FIND_PUBLICATION = `
  SELECT
    v.id AS "versionId",
    v.source_version AS "sourceVersion",
    v.source_kind AS "sourceKind",
    v.source_reference AS "sourceReference",
    v.config_digest AS "configDigest",
    v.prefix,
    v.published_at AS "publishedAt",
    v.table_count AS "tables",
    v.row_count AS "rows",
    v.parquet_bytes AS "parquetBytes"
  FROM datasets d
  JOIN dataset_versions v ON v.id = d.current_version_id
  WHERE d.dataset_name = $1`;

export const IS_PUBLISHED = `
  SELECT EXISTS (SELECT FROM dataset_versions WHERE prefix = $1) AS published`;

export const FIND_PUBLISHED_TABLES = `
  SELECT
    f.table_name AS "name",
    f.original_filename AS "originalPath",
    f.source_bytes AS "sourceBytes",
    f.source_sha256 AS "sourceSha256",
    f.table_digest AS "tableDigest",
    f.parts,
    r.parts -> 0 AS "rejectsPart",
    f.row_count AS "rows",
    f.reject_count AS "rejects",
    f.size_bytes AS "parquetBytes",
    coalesce(c.columns, '[]') AS "columns"
  FROM datasets d
  JOIN dataset_files f ON f.version_id = d.current_version_id AND f.logical_role = 'table'
  LEFT JOIN dataset_files r
    ON r.version_id = f.version_id AND r.logical_role = 'rejects' AND r.table_name = f.table_name
  LEFT JOIN LATERAL (
    SELECT jsonb_agg(
      jsonb_strip_nulls(jsonb_build_object(
        'position', position,
        'name', column_name,
        'originalName', original_name,
        'type', data_type_interpreted,
        'nullable', is_nullable,
        'personalData', pii_kind
      ))
      ORDER BY position
    ) AS columns
    FROM file_columns
    WHERE file_id = f.id
  ) c ON true
  WHERE d.dataset_name = $1
  ORDER BY f.table_name`;

/** Datasets with a publication, an import, or both; the last import of each. */
export const LIST_DATASETS = `
  WITH last_import AS (
    SELECT DISTINCT ON (dataset_name)
      dataset_name, workflow_id, run_id, outcome, error_code, started_at, ended_at,
      extract(epoch FROM ended_at - started_at) * 1000 AS duration_ms
    FROM imports
    ORDER BY dataset_name, started_at DESC
  )
  SELECT
    coalesce(d.dataset_name, i.dataset_name) AS "dataset",
    v.source_version AS "sourceVersion",
    v.published_at AS "publishedAt",
    v.table_count AS "tables",
    v.row_count AS "rows",
    v.parquet_bytes AS "parquetBytes",
    i.workflow_id AS "lastWorkflowId",
    i.run_id AS "lastRunId",
    i.outcome AS "lastOutcome",
    i.error_code AS "lastErrorCode",
    i.started_at AS "lastStartedAt",
    i.ended_at AS "lastEndedAt",
    round(i.duration_ms)::bigint AS "lastDurationMs"
  FROM datasets d
  LEFT JOIN dataset_versions v ON v.id = d.current_version_id
  FULL JOIN last_import i ON i.dataset_name = d.dataset_name
  ORDER BY 1`;

/** Of one dataset ($1). */
export const IMPORTS_OF = `
  SELECT
    dataset_name AS "dataset",
    workflow_id AS "workflowId",
    run_id AS "runId",
    started_at AS "startedAt",
    ended_at AS "endedAt",
    outcome,
    round(extract(epoch FROM ended_at - started_at) * 1000)::bigint AS "durationMs",
    stage_ms AS "stageMs",
    source_bytes AS "sourceBytes",
    parquet_bytes AS "parquetBytes",
    transferred_bytes AS "transferredBytes",
    rows,
    tables,
    cache_hit AS "cacheHit",
    prefix,
    error_code AS "errorCode",
    error_message AS "errorMessage"
  FROM imports
  WHERE dataset_name = $1
  ORDER BY started_at DESC, run_id
  LIMIT $2`;
