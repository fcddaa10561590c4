-- Whose objects are whose, and which run of a dataset is the latest. Only adds: workers of the version before
-- go on beside new ones.

-- Names this catalog to the object store, so that no two catalogs share one place in it. Kept by a dump.
CREATE TABLE catalog_identity (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  only_one boolean NOT NULL DEFAULT true UNIQUE CHECK (only_one),
  created_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO catalog_identity DEFAULT VALUES;

-- The number of the latest run of each dataset. A run takes the next one when it starts; only the holder of
-- the highest one makes a version current.
CREATE TABLE dataset_fences (
  dataset_name text PRIMARY KEY,
  fence bigint NOT NULL DEFAULT 0
);
INSERT INTO dataset_fences (dataset_name) SELECT DISTINCT dataset_name FROM imports;

ALTER TABLE imports
  ADD COLUMN fence bigint,
  ADD COLUMN namespace_id text;

-- Each prefix is written to by one run: 'open' until its version is 'published' or its objects are 'removed'.
CREATE TABLE object_prefixes (
  prefix text PRIMARY KEY,
  dataset_name text NOT NULL,
  workflow_id text NOT NULL,
  run_id text NOT NULL,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'published', 'removed')),
  large_keys text[] NOT NULL DEFAULT '{}',
  claimed_at timestamptz NOT NULL DEFAULT now(),
  removed_at timestamptz
);
INSERT INTO object_prefixes (prefix, dataset_name, workflow_id, run_id, state, claimed_at)
SELECT v.prefix, d.dataset_name, v.workflow_id, v.run_id, 'published', v.published_at
FROM dataset_versions v JOIN datasets d ON d.id = v.dataset_id;

CREATE INDEX object_prefixes_of_run ON object_prefixes (run_id);
CREATE INDEX object_prefixes_unpublished ON object_prefixes (claimed_at) WHERE state <> 'published';

-- The same source and configuration may be stored twice: when the objects of the first time are gone.
ALTER TABLE dataset_versions DROP CONSTRAINT dataset_versions_dataset_id_source_version_digest8_key;
CREATE INDEX dataset_versions_of_source ON dataset_versions (dataset_id, source_version, digest8);

-- Counts what readers were shown, so that current.json is never put back to an older state.
ALTER TABLE datasets ADD COLUMN generation bigint NOT NULL DEFAULT 0;
UPDATE datasets SET generation = 1 WHERE current_version_id IS NOT NULL;

-- A trigger, so that workers of the version before count too.
CREATE FUNCTION next_generation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.generation := OLD.generation + 1;
  RETURN NEW;
END
$$;
CREATE TRIGGER datasets_next_generation BEFORE UPDATE OF current_version_id ON datasets
  FOR EACH ROW WHEN (OLD.current_version_id IS DISTINCT FROM NEW.current_version_id)
  EXECUTE FUNCTION next_generation();
