-- The past of a dataset: which versions are still stored, since when one is no longer current, and which ones a
-- person has gone back from. Only adds: workers of the version before go on beside new ones.

ALTER TABLE dataset_versions
  DROP CONSTRAINT dataset_versions_state_check,
  ADD CONSTRAINT dataset_versions_state_check CHECK (state IN ('current', 'superseded', 'removed')),
  -- Readers of a version that was current have so much time: grace periods count from here.
  ADD COLUMN superseded_at timestamptz DEFAULT now(),
  -- A person went back from it: an import of the same source and configuration does not bring it back.
  ADD COLUMN rolled_back_at timestamptz,
  -- All its objects are gone that no other version needs.
  ADD COLUMN removed_at timestamptz;
UPDATE dataset_versions SET superseded_at = NULL WHERE state = 'current';

-- A trigger, so that workers of the version before tell it too.
CREATE FUNCTION version_changes_state() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.superseded_at := CASE WHEN NEW.state = 'current' THEN NULL ELSE now() END;
  IF NEW.state = 'current' THEN NEW.rolled_back_at := NULL; END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER dataset_versions_change_state BEFORE UPDATE OF state ON dataset_versions
  FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state AND NEW.state <> 'removed')
  EXECUTE FUNCTION version_changes_state();

CREATE INDEX dataset_versions_unswept ON dataset_versions (id)
  WHERE state = 'removed' AND removed_at IS NULL;

-- Objects that `verify` has found to be other than what was published: as good as gone for every import.
CREATE TABLE damaged_objects (
  key text PRIMARY KEY,
  found text NOT NULL,
  found_at timestamptz NOT NULL DEFAULT now()
);
