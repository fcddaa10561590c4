-- Batches: each execution of importAll, what it set out to import, and how it ended; and the workers that are
-- there. Only adds: workers of the version before go on beside new ones.

CREATE TABLE batches (
  -- The first run of importAll: a run that continues it is of the same batch.
  batch_id text PRIMARY KEY,
  workflow_id text NOT NULL,
  namespace_id text,
  started_at timestamptz NOT NULL,
  ended_at timestamptz,
  -- `finished`: gone through, also when imports of it failed; `failed`: as a whole, for one reason.
  outcome text NOT NULL DEFAULT 'running' CHECK (
    outcome IN ('running', 'finished', 'failed', 'cancelled', 'terminated', 'timed-out', 'lost')
  ),
  error_code text,
  error_message text,
  -- People are told of an end once.
  told_at timestamptz
);
CREATE INDEX batches_newest ON batches (started_at DESC);
CREATE INDEX batches_unfinished ON batches (started_at) WHERE ended_at IS NULL;

CREATE TABLE batch_datasets (
  batch_id text NOT NULL REFERENCES batches ON DELETE CASCADE,
  -- In the order of the configuration, from 1.
  position integer NOT NULL,
  dataset_name text NOT NULL,
  -- The batch went on without it: `waiting`, or `already-running` of another's doing.
  left_as text,
  PRIMARY KEY (batch_id, position)
);
CREATE UNIQUE INDEX batch_datasets_of_name ON batch_datasets (batch_id, dataset_name);

ALTER TABLE imports
  ADD COLUMN batch_id text,
  ADD COLUMN carried_over integer,
  ADD COLUMN rejects bigint,
  ADD COLUMN warnings jsonb,
  ADD COLUMN next_step text;
CREATE INDEX imports_of_batch ON imports (batch_id, dataset_name) WHERE batch_id IS NOT NULL;

-- Who is there, with which configuration: workers whose files differ would publish in turns.
CREATE TABLE workers (
  identity text PRIMARY KEY,
  config_digest text NOT NULL,
  config_problem text,
  seen_at timestamptz NOT NULL DEFAULT now()
);
