/** The record of each run; both statements may run any number of times. */

export const START_IMPORT = `
  INSERT INTO imports (workflow_id, run_id, dataset_name, started_at, namespace_id, batch_id)
  VALUES ($1, $2, $3, $4, $5, $6)
  ON CONFLICT (workflow_id, run_id) DO NOTHING`;

/** Also of a run whose start could not be recorded. */
export const FINISH_IMPORT = `
  INSERT INTO imports (
    workflow_id, run_id, dataset_name, started_at, namespace_id, ended_at, outcome, stage_ms,
    source_bytes, parquet_bytes, transferred_bytes, rows, tables, cache_hit, prefix, error_code,
    error_message, batch_id, carried_over, rejects, warnings, next_step, failed, skipped, kept, version_id
  )
  VALUES (
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
    $23, $24, $25, (SELECT id FROM dataset_versions WHERE prefix = $15)
  )
  ON CONFLICT (workflow_id, run_id) DO UPDATE SET
    ended_at = excluded.ended_at,
    outcome = excluded.outcome,
    stage_ms = excluded.stage_ms,
    source_bytes = excluded.source_bytes,
    parquet_bytes = excluded.parquet_bytes,
    transferred_bytes = excluded.transferred_bytes,
    rows = excluded.rows,
    tables = excluded.tables,
    cache_hit = excluded.cache_hit,
    prefix = excluded.prefix,
    error_code = excluded.error_code,
    error_message = excluded.error_message,
    batch_id = coalesce(excluded.batch_id, imports.batch_id),
    carried_over = excluded.carried_over,
    rejects = excluded.rejects,
    warnings = excluded.warnings,
    next_step = excluded.next_step,
    failed = excluded.failed,
    skipped = excluded.skipped,
    kept = excluded.kept,
    version_id = excluded.version_id`;

/** At most $2 that began more than $1 days ago, oldest first; the newest run of a dataset stays. */
export const RETIRE_IMPORTS = `
  DELETE FROM imports
  WHERE (workflow_id, run_id) IN (
    SELECT i.workflow_id, i.run_id
    FROM imports i
    WHERE i.started_at < now() - make_interval(days => $1) AND i.ended_at IS NOT NULL
      AND EXISTS (
        SELECT FROM imports newer
        WHERE newer.dataset_name = i.dataset_name AND newer.started_at > i.started_at
      )
    ORDER BY i.started_at
    LIMIT $2
  )`;

/** Oldest first; few at any time. */
export const UNFINISHED_IMPORTS = `
  SELECT
    dataset_name AS "dataset", workflow_id AS "workflowId", run_id AS "runId",
    started_at AS "startedAt", namespace_id AS "namespaceId"
  FROM imports
  WHERE ended_at IS NULL AND outcome = 'running'
  ORDER BY started_at`;

/** For a run that could not record its end itself; one that did meanwhile is left alone. */
export const CLOSE_IMPORT = `
  UPDATE imports i
  SET ended_at = $3, outcome = $4, error_code = $5, error_message = $6,
    version_id = v.id, prefix = v.prefix
  FROM (SELECT) AS nothing
  LEFT JOIN dataset_versions v ON v.run_id = $2
  WHERE i.workflow_id = $1 AND i.run_id = $2 AND i.ended_at IS NULL`;
