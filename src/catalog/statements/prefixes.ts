/** Which prefix of the store is whose, and what has become of it. */

/** Again by the same run, as often as it likes, while the prefix is open. $5: keys that are uploaded in parts. */
export const CLAIM_PREFIX = `
  INSERT INTO object_prefixes AS p (prefix, dataset_name, workflow_id, run_id, large_keys)
  VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (prefix) DO UPDATE SET large_keys = ARRAY(
    SELECT DISTINCT unnest(p.large_keys || excluded.large_keys) ORDER BY 1
  )
  WHERE p.run_id = excluded.run_id AND p.state = 'open'
  RETURNING prefix`;

/** Nothing comes back for a prefix of another run, and for one whose objects were removed. */
export const PUBLISH_PREFIX = `
  INSERT INTO object_prefixes AS p (prefix, dataset_name, workflow_id, run_id, state)
  VALUES ($1, $2, $3, $4, 'published')
  ON CONFLICT (prefix) DO UPDATE SET state = 'published'
  WHERE p.run_id = excluded.run_id AND p.state = 'open'
  RETURNING prefix`;

/** From here on no publisher can take the prefix, so its objects may go. Published ones are left alone. */
export const RELEASE_PREFIX = `
  UPDATE object_prefixes SET state = 'removed'
  WHERE prefix = $1 AND run_id = $2 AND state <> 'published'
  RETURNING large_keys AS "largeKeys"`;

export const CATALOG_ID = `SELECT id FROM catalog_identity`;

/** All that lay there is gone. */
export const MARK_REMOVED = `
  UPDATE object_prefixes SET removed_at = now()
  WHERE prefix = $1 AND state = 'removed' AND removed_at IS NULL`;

/**
 * Of runs that have ended without removing them; and a day after the removal once more, for what a worker has
 * stored since that was cut off at the time.
 */
export const ABANDONED_PREFIXES = `
  SELECT p.prefix, p.workflow_id AS "workflowId", p.run_id AS "runId"
  FROM object_prefixes p
  LEFT JOIN imports i ON i.workflow_id = p.workflow_id AND i.run_id = p.run_id
  WHERE p.state <> 'published'
    AND (i.ended_at IS NOT NULL OR (i.run_id IS NULL AND p.claimed_at < now() - interval '30 days'))
    AND (p.removed_at IS NULL OR p.removed_at < now() - interval '1 day')
  ORDER BY p.claimed_at`;

export const FORGET_PREFIX = `
  DELETE FROM object_prefixes
  WHERE prefix = $1 AND state = 'removed' AND removed_at < now() - interval '1 day'`;
