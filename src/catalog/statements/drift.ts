/** Versions that wait for a person. The fence of the dataset must be locked for all that write. */
import { VERSION_COLUMNS } from './version-columns.js';

/** Of a dataset by its name; one at most. */
export const FIND_HELD = `
  SELECT ${VERSION_COLUMNS}, v.superseded_at AS "heldSince", v.drift
  FROM datasets d
  JOIN dataset_versions v ON v.dataset_id = d.id
  WHERE d.dataset_name = $1 AND v.state = 'held'`;

export const FIND_VERDICT = `
  SELECT state = 'held' AS held, drift FROM dataset_versions WHERE id = $1`;

export const NOTE_DRIFT = `UPDATE dataset_versions SET drift = $2 WHERE id = $1`;

/** Before a version of dataset $1 is published or held: what was held before $2 is of no use to anybody. */
export const OVERTAKE_HELD = `
  UPDATE dataset_versions SET state = 'overtaken'
  WHERE dataset_id = $1 AND id <> $2 AND state = 'held'`;

/** Held anew, whatever a person has said of it before. */
export const SET_STATE_HELD = `
  UPDATE dataset_versions SET state = 'held', rolled_back_at = NULL WHERE id = $1`;

/** Imports of the same source and configuration take it for gone back from. */
export const SET_STATE_REJECTED = `
  UPDATE dataset_versions SET state = 'rejected', rolled_back_at = now() WHERE id = $1`;

/** A worker of the version before 7 publishes without a word to what is held. */
export const PUBLISHED_SINCE = `
  SELECT newer.source_version AS "sourceVersion"
  FROM dataset_versions held
  JOIN dataset_versions newer
    ON newer.dataset_id = held.dataset_id AND newer.published_at > held.published_at
  WHERE held.id = $1 AND newer.state = 'current'`;
