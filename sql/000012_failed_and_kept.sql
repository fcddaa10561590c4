-- Tables that a version is published without, and files of a dataset that are stored as they are.

ALTER TABLE dataset_files
  DROP CONSTRAINT dataset_files_logical_role_check,
  ADD CONSTRAINT dataset_files_logical_role_check
    CHECK (logical_role IN ('table', 'rejects', 'skipped', 'metadata', 'kept')),
  -- Of what is skipped because it failed; why is in skip_reason.
  ADD COLUMN error_code text;

ALTER TABLE imports
  -- {"count": 2, "first": [{"table", "code", "message", "nextStep"}, ...]}: what was published without.
  ADD COLUMN failed jsonb,
  -- {"files": 120, "bytes": 4096}: what is no table and stored or listed as it is.
  ADD COLUMN kept jsonb,
  -- What is no table, counted by kind, in words.
  ADD COLUMN skipped text;
