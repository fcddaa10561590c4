/** Messages, who is to have them, and who has. $1 is the namespace of Temporal, $2 the receiver. */

/** What nobody could be told for so long is in the catalog all the same. */
const WORTH_TELLING = `interval '3 days'`;

/** Longer than one message takes with all of its attempts. */
const HOLD = `interval '3 minutes'`;

/** Once an id; the message about a batch ($7) by the first who tells of it. $8: receivers that have it already. */
export const ADD_MESSAGE = `
  WITH claimed AS (
    UPDATE batches SET told_at = now() WHERE batch_id = $7 AND told_at IS NULL RETURNING batch_id
  ), added AS (
    INSERT INTO messages (namespace_id, message_id, event, title, lines, facts)
    SELECT $1, $2, $3, $4, $5, $6
    WHERE $7::text IS NULL OR EXISTS (SELECT FROM claimed)
    ON CONFLICT (message_id) DO NOTHING
    RETURNING message_id
  ), delivered AS (
    INSERT INTO message_deliveries (message_id, receiver)
    SELECT message_id, unnest($8::text[]) FROM added
  )
  SELECT message_id FROM added`;

/** $2: a list. */
export const ADD_RECEIVERS = `
  INSERT INTO message_receivers (namespace_id, receiver) SELECT $1, unnest($2::text[])
  ON CONFLICT DO NOTHING`;

const DUE = `
  FROM messages m
  WHERE m.namespace_id = r.namespace_id
    AND m.created_at > greatest(r.since, now() - ${WORTH_TELLING})
    AND NOT EXISTS (
      SELECT FROM message_deliveries d WHERE d.message_id = m.message_id AND d.receiver = r.receiver
    )`;

/** One row for the one that sends from now on. */
export const HOLD_RECEIVER = `
  UPDATE message_receivers r SET held_until = now() + ${HOLD}
  WHERE namespace_id = $1 AND receiver = $2 AND not_before <= now()
    AND (held_until IS NULL OR held_until < now())
    AND EXISTS (SELECT ${DUE})
  RETURNING failures`;

export const HOLD_ON = `
  UPDATE message_receivers SET held_until = now() + ${HOLD} WHERE namespace_id = $1 AND receiver = $2`;

/** $3: how many at most. */
export const DUE_MESSAGES = `
  SELECT m.message_id AS id, m.event, m.title, m.lines, m.facts
  FROM message_receivers r
  CROSS JOIN LATERAL (SELECT m.* ${DUE} ORDER BY m.created_at, m.message_id LIMIT $3) m
  WHERE r.namespace_id = $1 AND r.receiver = $2
  ORDER BY m.created_at, m.message_id`;

/** Messages about imports within $3 seconds; several that went together count as one. */
export const COUNT_LATELY = `
  SELECT count(DISTINCT d.delivered_at) AS "count"
  FROM message_deliveries d JOIN messages m USING (message_id)
  WHERE m.namespace_id = $1 AND d.receiver = $2 AND m.event LIKE 'import.%'
    AND d.delivered_at > now() - make_interval(secs => $3)`;

/** $3: a list of ids. */
export const RECORD_DELIVERY = `
  WITH well AS (
    UPDATE message_receivers SET failures = 0, problem = NULL WHERE namespace_id = $1 AND receiver = $2
  )
  INSERT INTO message_deliveries (message_id, receiver) SELECT unnest($3::text[]), $2
  ON CONFLICT DO NOTHING`;

/** $3: a problem, $4: seconds. */
export const POSTPONE = `
  UPDATE message_receivers
  SET failures = failures + 1, problem = $3, not_before = now() + make_interval(secs => $4)
  WHERE namespace_id = $1 AND receiver = $2`;

export const LET_GO = `
  UPDATE message_receivers SET held_until = NULL WHERE namespace_id = $1 AND receiver = $2`;

/** Of all namespaces: receivers that lack messages because they do not take them. */
export const UNDELIVERED = `
  SELECT r.receiver, r.problem, w.count AS "messages", w.oldest AS "since"
  FROM message_receivers r
  CROSS JOIN LATERAL (SELECT count(*) AS count, min(m.created_at) AS oldest ${DUE}) w
  WHERE r.problem IS NOT NULL AND w.count > 0
  ORDER BY r.receiver`;

export const RETIRE_MESSAGES = `
  DELETE FROM messages WHERE created_at < now() - make_interval(days => $1)`;
