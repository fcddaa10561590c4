/** What readers ask the catalog. */
import { ICEBERG_OBJECTS } from './iceberg.js';
import { VERSION_COLUMNS } from './version-columns.js';

export const FIND_PUBLICATION = `
  SELECT ${VERSION_COLUMNS}
  FROM datasets d
  JOIN dataset_versions v ON v.id = d.current_version_id
  WHERE d.dataset_name = $1`;

export const CURRENT_VERSION = `
  SELECT current_version_id AS id FROM datasets WHERE dataset_name = $1`;

export const VERSION_AT = `SELECT id FROM dataset_versions WHERE prefix = $1`;

/** Of the same source ($2 kind, $3 reference, $4 version, $5 checksum) and configuration ($6). */
export const FIND_VERSIONS_OF_SOURCE = `
  SELECT v.id AS "versionId", v.prefix
  FROM datasets d
  JOIN dataset_versions v ON v.dataset_id = d.id
  WHERE d.dataset_name = $1 AND v.source_kind = $2 AND v.source_reference = $3
    AND v.source_version = $4 AND v.source_checksum = $5 AND v.config_digest = $6
    AND v.state <> 'removed'
  ORDER BY v.id IS DISTINCT FROM d.current_version_id, v.published_at DESC`;

/** A version that an older kaggle-import has published does not know the size of its croissant.json. */
export const VERSION_OBJECTS = `
  SELECT role, "table", part, key, bytes, sha256
  FROM (
    SELECT
      f.position,
      f.logical_role AS role,
      f.table_name AS "table",
      (p.position - 1)::integer AS part,
      coalesce(p.part ->> 'key', f.file_name_in_storage) AS key,
      coalesce((p.part ->> 'bytes')::bigint, f.size_bytes) AS bytes,
      coalesce(p.part ->> 'sha256', f.sha256) AS sha256
    FROM dataset_files f
    LEFT JOIN LATERAL jsonb_array_elements(f.parts) WITH ORDINALITY AS p (part, position) ON true
    WHERE f.version_id = $1 AND (p.part IS NOT NULL OR f.logical_role = 'metadata')
    UNION ALL
    SELECT
      f.position, 'iceberg', f.table_name, NULL,
      i.object ->> 'key', (i.object ->> 'bytes')::bigint, i.object ->> 'sha256'
    FROM dataset_files f CROSS JOIN LATERAL (${ICEBERG_OBJECTS}) AS i (object)
    WHERE f.version_id = $1
  ) objects
  ORDER BY position, part, key`;

/** Of the current version of dataset $1: files that are stored as they are. */
export const KEPT_FILES = `
  SELECT
    f.original_filename AS "path", f.size_bytes AS "bytes", f.sha256, f.mime_type AS "mediaType",
    f.file_name_in_storage AS "key", f.version_id AS "ofVersion"
  FROM datasets d
  JOIN dataset_files f ON f.version_id = d.current_version_id
  WHERE d.dataset_name = $1 AND f.logical_role = 'kept' AND f.file_name_in_storage IS NOT NULL
  ORDER BY f.position`;

/** Of the version $1, the first $2, and what there is of all of them. */
export const KEPT_OF_VERSION = `
  SELECT
    original_filename AS "path", size_bytes AS "bytes", sha256, mime_type AS "mediaType",
    file_name_in_storage AS "key", count(*) OVER () AS "count", (sum(size_bytes) OVER ())::bigint AS "allBytes"
  FROM dataset_files
  WHERE version_id = $1 AND logical_role = 'kept'
  ORDER BY original_filename COLLATE "C"
  LIMIT $2`;

/** What the version $1 is published without, the first $2, and how many there are. */
export const FAILED_TABLES = `
  SELECT
    coalesce(table_name, original_filename) AS "table", error_code AS "code",
    coalesce(skip_reason, '') AS "message", count(*) OVER () AS "count"
  FROM dataset_files
  WHERE version_id = $1 AND logical_role = 'skipped' AND error_code IS NOT NULL
  ORDER BY position
  LIMIT $2`;

/** Of a version. */
export const VERSION_TABLES = `
  SELECT
    f.table_name AS "name",
    f.original_filename AS "originalPath",
    f.description,
    f.source_bytes AS "sourceBytes",
    f.source_sha256 AS "sourceSha256",
    f.table_digest AS "tableDigest",
    f.parts,
    r.parts -> 0 AS "rejectsPart",
    f.row_count AS "rows",
    f.reject_count AS "rejects",
    f.size_bytes AS "parquetBytes",
    coalesce(c.columns, '[]') AS "columns"
  FROM dataset_files f
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
        'personalData', pii_kind,
        'description', description
      ))
      ORDER BY position
    ) AS columns
    FROM file_columns
    WHERE file_id = f.id
  ) c ON true
  WHERE f.version_id = $1 AND f.logical_role = 'table'
  ORDER BY f.table_name`;

/**
 * Datasets with a publication, an import, or both; the last import of each. The names are found by jumping from
 * one to the next in the index: there are millions of imports, and few datasets.
 */
export const LIST_DATASETS = `
  WITH RECURSIVE names AS (
    (SELECT dataset_name AS name FROM imports ORDER BY dataset_name LIMIT 1)
    UNION ALL
    SELECT (
      SELECT i.dataset_name FROM imports i
      WHERE i.dataset_name > n.name ORDER BY i.dataset_name LIMIT 1
    )
    FROM names n
    WHERE n.name IS NOT NULL
  ),
  last_import AS (
    SELECT n.name AS dataset_name, newest.*
    FROM names n
    CROSS JOIN LATERAL (
      SELECT workflow_id, run_id, outcome, error_code, started_at, ended_at,
        (failed ->> 'count')::integer AS failed_tables,
        extract(epoch FROM ended_at - started_at) * 1000 AS duration_ms
      FROM imports
      WHERE dataset_name = n.name
      ORDER BY started_at DESC
      LIMIT 1
    ) newest
  )
  SELECT
    coalesce(d.dataset_name, i.dataset_name) AS "dataset",
    v.source_version AS "sourceVersion",
    v.published_at AS "publishedAt",
    v.table_count AS "tables",
    v.row_count AS "rows",
    v.parquet_bytes AS "parquetBytes",
    h.source_version AS "heldVersion",
    h.superseded_at AS "heldSince",
    i.workflow_id AS "lastWorkflowId",
    i.run_id AS "lastRunId",
    i.outcome AS "lastOutcome",
    i.error_code AS "lastErrorCode",
    i.failed_tables AS "lastFailedTables",
    i.started_at AS "lastStartedAt",
    i.ended_at AS "lastEndedAt",
    round(i.duration_ms)::bigint AS "lastDurationMs"
  FROM datasets d
  LEFT JOIN dataset_versions v ON v.id = d.current_version_id
  LEFT JOIN dataset_versions h ON h.dataset_id = d.id AND h.state = 'held'
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
