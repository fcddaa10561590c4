/** What becomes of versions after their publication: rollbacks, and the removal of old ones. */
import { ICEBERG_OBJECTS } from './iceberg.js';

/** Whatever began before can publish no more. The fence must be locked. */
export const NEXT_FENCE = `UPDATE dataset_fences SET fence = fence + 1 WHERE dataset_name = $1`;

/**
 * Of dataset $1: the current version, and all that are newer than $2, to which a person goes back. One that is held
 * still waits.
 */
export const PASS_OVER = `
  UPDATE dataset_versions SET rolled_back_at = now()
  WHERE dataset_id = $1 AND id <> $2 AND state <> 'held' AND (
    state = 'current' OR published_at > (SELECT published_at FROM dataset_versions WHERE id = $2)
  )`;

/** Of the same source ($2 kind, $3 reference, $4 version) and configuration ($5). */
export const PASSED_OVER = `
  SELECT v.id
  FROM datasets d
  JOIN dataset_versions v ON v.dataset_id = d.id
  WHERE d.dataset_name = $1 AND v.source_kind = $2 AND v.source_reference = $3
    AND v.source_version = $4 AND v.config_digest = $5 AND v.rolled_back_at IS NOT NULL
  LIMIT 1`;

/**
 * Versions that nothing keeps: not among the newest $1 of their dataset that were ever current, of which the current
 * one is the first; and those that never came to be. Not before they have been so for $2 seconds.
 */
export const EXPIRED_VERSIONS = `
  SELECT * FROM (
    SELECT
      v.id AS "versionId", d.dataset_name AS "dataset", v.source_version AS "sourceVersion",
      v.prefix, v.published_at AS "publishedAt", v.superseded_at AS "supersededAt",
      v.state IN ('rejected', 'overtaken') AS unwanted,
      row_number() OVER (
        PARTITION BY v.dataset_id, v.state IN ('rejected', 'overtaken')
        ORDER BY v.state = 'current' DESC, v.published_at DESC, v.id
      ) AS rank
    FROM dataset_versions v
    JOIN datasets d ON d.id = v.dataset_id
    WHERE v.state NOT IN ('held', 'removed')
  ) ranked
  WHERE (unwanted OR rank > $1) AND "supersededAt" < now() - make_interval(secs => $2)
  ORDER BY dataset, "publishedAt"`;

/** Of these ($1). */
export const DAMAGED_KEYS = `SELECT key FROM damaged_objects WHERE key = ANY ($1)`;

export const MARK_DAMAGED = `
  INSERT INTO damaged_objects (key, found) VALUES ($1, $2)
  ON CONFLICT (key) DO UPDATE SET found = excluded.found`;

export const FORGET_DAMAGE = `DELETE FROM damaged_objects WHERE key = ANY ($1)`;

/** From here on nobody makes it current or carries a table of it over, so its objects may go. */
export const MARK_VERSION_REMOVED = `
  UPDATE dataset_versions SET state = 'removed'
  WHERE id = $1 AND state IN ('superseded', 'rejected', 'overtaken') RETURNING id`;

/** Marked, but the sweep that marked them did not come to its end. */
export const UNSWEPT_VERSIONS = `
  SELECT
    v.id AS "versionId", d.dataset_name AS "dataset", v.source_version AS "sourceVersion",
    v.prefix, v.published_at AS "publishedAt", v.superseded_at AS "supersededAt"
  FROM dataset_versions v
  JOIN datasets d ON d.id = v.dataset_id
  WHERE v.state = 'removed' AND v.removed_at IS NULL
  ORDER BY d.dataset_name, v.published_at`;

/** Every object of every version that is neither removed nor among $1, wherever it lies. */
export const NEEDED_KEYS = `
  SELECT DISTINCT coalesce(p.part ->> 'key', f.file_name_in_storage) AS key
  FROM dataset_files f
  JOIN dataset_versions v ON v.id = f.version_id AND v.state <> 'removed' AND v.id <> ALL ($1)
  LEFT JOIN LATERAL jsonb_array_elements(f.parts) AS p (part) ON true
  WHERE p.part IS NOT NULL OR f.logical_role = 'metadata'
  UNION
  SELECT i.object ->> 'key'
  FROM dataset_files f
  JOIN dataset_versions v ON v.id = f.version_id AND v.state <> 'removed' AND v.id <> ALL ($1)
  CROSS JOIN LATERAL (${ICEBERG_OBJECTS}) AS i (object)`;

/** Prefixes whose runs, or what tidies up after them, still see to what lies there. */
export const UNPUBLISHED_PREFIXES = `SELECT prefix FROM object_prefixes WHERE state <> 'published'`;

/** Whoever has begun an import of it has made its fence. */
export const KNOWN_DATASETS = `
  SELECT dataset_name AS dataset FROM dataset_fences
  UNION SELECT dataset_name FROM datasets`;

/** What is known of its tables goes with its objects; its own row stays as the past of the dataset. */
export const FORGET_FILES = `DELETE FROM dataset_files WHERE version_id = $1`;

export const VERSION_SWEPT = `UPDATE dataset_versions SET removed_at = now() WHERE id = $1`;
