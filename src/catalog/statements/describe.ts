/** Everything the catalog knows of one published version. */
import { VERSION_COLUMNS } from './version-columns.js';

/** Of one dataset, newest first; a version that came back by a rollback keeps its place. */
export const FIND_VERSIONS = `
  SELECT ${VERSION_COLUMNS},
    v.id = d.current_version_id AS "current",
    v.state,
    v.source_checksum AS "checksum",
    v.superseded_at AS "supersededAt",
    v.rolled_back_at AS "rolledBackAt",
    v.reject_count AS "rejects",
    v.drift,
    v.provenance,
    d.title,
    d.description,
    d.licence,
    d.licence_spdx AS "spdx",
    d.keywords,
    d.citation,
    d.target_column AS "targetColumn",
    coalesce(a.appended, '[]') AS "appended"
  FROM datasets d
  JOIN dataset_versions v ON v.dataset_id = d.id
  LEFT JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_object(
      'table', f.table_name, 'files', f.dialect #> '{append,files}',
      'rows', f.dialect #> '{append,rows}', 'to', f.dialect #> '{append,to}'
    ) ORDER BY f.position) AS appended
    FROM dataset_files f
    WHERE f.version_id = v.id AND f.logical_role = 'table' AND f.carried_over_from IS NULL
      AND f.dialect ? 'append'
  ) a ON true
  WHERE d.dataset_name = $1
  ORDER BY v.published_at DESC, v.id`;

/** Tables of one version, by name, with their columns in order. */
export const DESCRIBE_TABLES = `
  SELECT
    f.table_name AS "name",
    f.original_filename AS "originalPath",
    f.description,
    f.format,
    f.source_bytes AS "sourceBytes",
    f.source_sha256 AS "sourceSha256",
    f.table_digest AS "tableDigest",
    f.row_count AS "rows",
    f.reject_count AS "rejects",
    f.size_bytes AS "parquetBytes",
    f.parts,
    r.parts -> 0 AS "rejectsPart",
    f.checks,
    f.warnings,
    f.dialect,
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
        'originalType', data_type_original,
        'type', data_type_interpreted,
        'nullable', is_nullable,
        'personalData', pii_kind,
        'description', description
      )) || jsonb_build_object('examples', example_values, 'stats', stats, 'proof', proof)
      ORDER BY position
    ) AS columns
    FROM file_columns
    WHERE file_id = f.id
  ) c ON true
  WHERE f.version_id = $1 AND f.logical_role = 'table'
  ORDER BY f.table_name`;
