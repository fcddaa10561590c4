/** The record of each run; both statements may run any number of times. */

export const START_IMPORT = `
  INSERT INTO imports (workflow_id, run_id, dataset_name, started_at)
  VALUES ($1, $2, $3, $4)
  ON CONFLICT (workflow_id, run_id) DO NOTHING`;

export const FINISH_IMPORT = `
  UPDATE imports
  SET ended_at = $3, outcome = $4, stage_ms = $5, source_bytes = $6, parquet_bytes = $7,
    transferred_bytes = $8, rows = $9, tables = $10, cache_hit = $11, prefix = $12,
    error_code = $13, error_message = $14,
    version_id = (SELECT id FROM dataset_versions WHERE prefix = $12)
  WHERE workflow_id = $1 AND run_id = $2`;
