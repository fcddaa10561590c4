/** Batches: what they set out to import, and how it went. Each statement may run any number of times. */

export const START_BATCH = `
  INSERT INTO batches (batch_id, workflow_id, namespace_id, started_at) VALUES ($1, $2, $3, $4)
  ON CONFLICT (batch_id) DO NOTHING`;

/** $2: names in their order. */
export const SELECT_FOR_BATCH = `
  INSERT INTO batch_datasets (batch_id, position, dataset_name)
  SELECT $1, position, name FROM unnest($2::text[]) WITH ORDINALITY AS n (name, position)
  ON CONFLICT DO NOTHING`;

/** At most $3 behind position $2; how large the current version is, where there is one. */
export const NEXT_OF_BATCH = `
  SELECT b.position, b.dataset_name AS "dataset", v.source_bytes AS "sourceBytes"
  FROM batch_datasets b
  LEFT JOIN datasets d ON d.dataset_name = b.dataset_name
  LEFT JOIN dataset_versions v ON v.id = d.current_version_id
  WHERE b.batch_id = $1 AND b.position > $2
  ORDER BY b.position
  LIMIT $3`;

export const LEAVE_BATCH = `
  UPDATE batch_datasets SET left_as = $3 WHERE batch_id = $1 AND dataset_name = $2`;

/**
 * Imports that the batch itself has brought to their end: no workflow of theirs ever ran. $3: a list of objects.
 * The newest known version and what it holds stand beside `up-to-date`.
 */
export const RECORD_ENDS = `
  INSERT INTO imports (
    workflow_id, run_id, dataset_name, batch_id, started_at, ended_at, outcome, prefix, version_id,
    source_bytes, parquet_bytes, transferred_bytes, rows, tables, error_code, error_message, next_step,
    warnings
  )
  SELECT
    'import:' || e.dataset, $1, e.dataset, $1, e."startedAt", e."endedAt", e.outcome, e.prefix, v.id,
    0, 0, 0, coalesce(e.rows, 0), coalesce(e.tables, 0), e."errorCode", e."errorMessage", e."nextStep",
    coalesce(e.warnings, '[]')
  FROM jsonb_to_recordset($2) AS e (
    dataset text, "startedAt" timestamptz, "endedAt" timestamptz, outcome text, prefix text, rows bigint,
    tables integer, "errorCode" text, "errorMessage" text, "nextStep" text, warnings jsonb
  )
  LEFT JOIN dataset_versions v ON v.prefix = e.prefix
  ON CONFLICT (workflow_id, run_id) DO NOTHING`;

/** As its import in this batch has ended, or as the batch left it, which goes on without those that wait. */
const OUTCOME = `
    CASE WHEN i.ended_at IS NOT NULL THEN i.outcome
      ELSE coalesce(b.left_as, i.outcome, 'not-reached') END`;

/** How each dataset of a batch ($1) stands. */
const OUTCOMES = `
  SELECT
    b.position, b.dataset_name, ${OUTCOME} AS outcome, i.run_id, i.started_at, i.error_code,
    i.error_message
  FROM batch_datasets b
  LEFT JOIN LATERAL (
    SELECT * FROM imports
    WHERE batch_id = b.batch_id AND dataset_name = b.dataset_name
    ORDER BY started_at DESC
    LIMIT 1
  ) i ON true
  WHERE b.batch_id = $1`;

/** By outcome. */
export const COUNT_OUTCOMES = `
  SELECT outcome, count(*) AS "count" FROM (${OUTCOMES}) AS o GROUP BY outcome ORDER BY outcome`;

/** Of the outcomes $2, in order, at most $3. */
export const OUTCOMES_AMONG = `
  SELECT
    dataset_name AS "dataset", outcome, error_code AS "errorCode", error_message AS "errorMessage"
  FROM (${OUTCOMES}) AS o
  WHERE outcome = ANY ($2)
  ORDER BY position
  LIMIT $3`;

/** Datasets that are published without some of their tables, in order, at most $2; how many there are. */
export const INCOMPLETE_OF_BATCH = `
  SELECT
    i.dataset_name AS "dataset", (i.failed ->> 'count')::integer AS "tables",
    i.failed #>> '{first,0,table}' AS "first", i.failed #>> '{first,0,code}' AS "code",
    count(*) OVER () AS "count"
  FROM batch_datasets b
  JOIN imports i ON i.batch_id = b.batch_id AND i.dataset_name = b.dataset_name
  WHERE b.batch_id = $1 AND i.failed IS NOT NULL AND i.outcome IN ('published', 'held')
  ORDER BY b.position
  LIMIT $2`;

/** Datasets whose import before this batch failed, and whose import in it did not. */
export const COUNT_RECOVERED = `
  SELECT count(*) AS "count"
  FROM (${OUTCOMES}) AS o
  JOIN LATERAL (
    SELECT outcome FROM imports
    WHERE dataset_name = o.dataset_name AND started_at < o.started_at AND run_id <> o.run_id
    ORDER BY started_at DESC
    LIMIT 1
  ) before ON before.outcome IN ('failed', 'timed-out', 'terminated')
  WHERE o.outcome IN ('published', 'up-to-date')`;

/** A schedule puts the time behind the id of what it starts. */
const ORIGIN = (batch: string): string =>
  `regexp_replace(${batch}.workflow_id, '-\\d{4}-\\d\\d-\\d\\dT[0-9:]+Z$', '')`;

/** The batch that ended before this one began, of those that the same schedule has started, or people. */
export const BATCH_BEFORE = `
  SELECT other.outcome, other.error_code AS "errorCode"
  FROM batches b
  JOIN batches other ON other.started_at < b.started_at AND other.ended_at IS NOT NULL
    AND ${ORIGIN('other')} = ${ORIGIN('b')}
  WHERE b.batch_id = $1
  ORDER BY other.started_at DESC
  LIMIT 1`;

/** Every row of a batch, in its order, as the command shows them. */
export const RESULTS_OF_BATCH = `
  SELECT
    b.dataset_name AS "dataset",
    ${OUTCOME} AS outcome,
    v.source_version AS "version",
    i.prefix,
    coalesce(i.tables, 0) AS tables,
    coalesce(i.carried_over, 0) AS "carriedOver",
    coalesce(i.rows, 0) AS rows,
    coalesce(i.rejects, 0) AS rejects,
    coalesce(i.source_bytes, 0) AS "sourceBytes",
    coalesce(i.parquet_bytes, 0) AS "parquetBytes",
    coalesce(i.transferred_bytes, 0) AS "transferredBytes",
    i.cache_hit AS "cacheHit",
    coalesce(round(extract(epoch FROM i.ended_at - i.started_at) * 1000)::bigint, 0) AS "durationMs",
    coalesce(i.warnings, '[]') AS warnings,
    i.error_code AS "errorCode",
    i.error_message AS "errorMessage",
    i.next_step AS "nextStep",
    i.failed,
    i.skipped,
    i.kept
  FROM batch_datasets b
  LEFT JOIN LATERAL (
    SELECT * FROM imports
    WHERE batch_id = b.batch_id AND dataset_name = b.dataset_name
    ORDER BY started_at DESC
    LIMIT 1
  ) i ON true
  LEFT JOIN dataset_versions v ON v.id = i.version_id
  WHERE b.batch_id = $1
  ORDER BY b.position`;

/** Without effect on one that has ended; where $6, on one that has ended later or then. */
export const CLOSE_BATCH = `
  UPDATE batches
  SET ended_at = $2, outcome = $3, error_code = $4, error_message = $5, told_at = NULL
  WHERE batch_id = $1 AND (ended_at IS NULL OR ($6 AND ended_at < $2))`;

const BATCH_RECORDS = `
  SELECT
    batch_id AS "batchId", workflow_id AS "workflowId", namespace_id AS "namespaceId",
    started_at AS "startedAt", ended_at AS "endedAt", outcome, error_code AS "errorCode",
    error_message AS "errorMessage"
  FROM batches`;

/** Newest first. */
export const LAST_BATCHES = `
  ${BATCH_RECORDS}
  ORDER BY started_at DESC
  LIMIT $1`;

/** Those with the ids $1, newest first. */
export const BATCHES_AMONG = `
  ${BATCH_RECORDS}
  WHERE batch_id = ANY ($1)
  ORDER BY started_at DESC`;

/** Whoever has ended them tells within minutes, or was killed; what is older is no news. */
export const UNTOLD_BATCHES = `
  ${BATCH_RECORDS}
  WHERE told_at IS NULL AND ended_at BETWEEN now() - interval '2 days' AND now() - interval '10 minutes'
  ORDER BY started_at`;

export const UNFINISHED_BATCHES = `
  SELECT
    batch_id AS "batchId", workflow_id AS "workflowId", namespace_id AS "namespaceId",
    started_at AS "startedAt"
  FROM batches
  WHERE ended_at IS NULL
  ORDER BY started_at`;

/** Those that began more than $1 days ago, with what they set out to import. */
export const RETIRE_BATCHES = `
  DELETE FROM batches WHERE started_at < now() - make_interval(days => $1) AND ended_at IS NOT NULL`;
