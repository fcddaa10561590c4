/** Which run of a dataset is the latest. */

/** Makes the dataset's fence where there is none, and locks it: publishers and starting runs go one after the other. */
export const LOCK_FENCE = `
  INSERT INTO dataset_fences (dataset_name) VALUES ($1)
  ON CONFLICT (dataset_name) DO UPDATE SET dataset_name = excluded.dataset_name
  RETURNING fence`;

/** Locks the run, so that its end is not recorded while it publishes. */
export const LOCK_RUN = `
  SELECT fence, ended_at IS NOT NULL AS ended
  FROM imports WHERE workflow_id = $1 AND run_id = $2
  FOR UPDATE`;

export const GIVE_FENCE = `
  WITH next AS (
    UPDATE dataset_fences SET fence = fence + 1 WHERE dataset_name = $1 RETURNING fence
  )
  UPDATE imports SET fence = next.fence FROM next
  WHERE workflow_id = $2 AND run_id = $3
  RETURNING imports.fence`;
