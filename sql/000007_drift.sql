-- Versions that differ too much from the one before wait for a person: stored, complete, and not current. Only
-- adds: workers of the version before go on beside new ones, and remove none of them.

ALTER TABLE dataset_versions
  DROP CONSTRAINT dataset_versions_state_check,
  -- held: waits for a person; rejected: by one; overtaken: something newer has been published meanwhile.
  ADD CONSTRAINT dataset_versions_state_check CHECK (
    state IN ('current', 'superseded', 'held', 'rejected', 'overtaken', 'removed')
  ),
  -- What went past the limits of `drift:`, against the version that was current then.
  ADD COLUMN drift jsonb NOT NULL DEFAULT '[]';

-- A person decides about one version at a time: the newest.
CREATE UNIQUE INDEX dataset_versions_one_held ON dataset_versions (dataset_id) WHERE state = 'held';
