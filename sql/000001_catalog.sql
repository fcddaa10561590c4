-- The catalog: what is published, where its objects are, and how each import went.

CREATE TABLE datasets (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  dataset_name text NOT NULL UNIQUE,
  kaggle_ref text,
  source_kind text NOT NULL,
  source_reference text NOT NULL,
  title text,
  description text,
  domain text[] NOT NULL DEFAULT '{}',
  task text[] NOT NULL DEFAULT '{}',
  target_column text,
  licence text,
  instances_number bigint,
  features_number integer,
  current_version_id uuid,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE dataset_versions (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  dataset_id uuid NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
  source_version text NOT NULL,
  source_kind text NOT NULL,
  source_reference text NOT NULL,
  source_checksum text NOT NULL,
  config_digest text NOT NULL,
  digest8 text NOT NULL,
  prefix text NOT NULL UNIQUE,
  state text NOT NULL CHECK (state IN ('current', 'superseded')),
  provenance jsonb NOT NULL,
  table_count integer NOT NULL,
  row_count bigint NOT NULL,
  reject_count bigint NOT NULL,
  source_bytes bigint NOT NULL,
  parquet_bytes bigint NOT NULL,
  workflow_id text NOT NULL,
  run_id text NOT NULL,
  published_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (dataset_id, source_version, digest8)
);

-- A dataset has one current version at most, whatever a publisher does.
CREATE UNIQUE INDEX dataset_versions_one_current ON dataset_versions (dataset_id)
  WHERE state = 'current';

ALTER TABLE datasets
  ADD CONSTRAINT datasets_current_version_fkey
  FOREIGN KEY (current_version_id) REFERENCES dataset_versions (id) ON DELETE SET NULL;

CREATE TABLE dataset_files (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  version_id uuid NOT NULL REFERENCES dataset_versions (id) ON DELETE CASCADE,
  position integer NOT NULL,
  logical_role text NOT NULL CHECK (logical_role IN ('table', 'rejects', 'skipped', 'metadata')),
  table_name text,
  original_filename text NOT NULL,
  file_name_in_storage text,
  format text,
  mime_type text,
  size_bytes bigint,
  source_bytes bigint,
  row_count bigint,
  reject_count bigint,
  sha256 text,
  source_sha256 text,
  table_digest text,
  carried_over_from uuid REFERENCES dataset_versions (id) ON DELETE SET NULL,
  skip_reason text,
  parts jsonb NOT NULL DEFAULT '[]',
  checks jsonb NOT NULL DEFAULT '[]',
  warnings jsonb NOT NULL DEFAULT '[]',
  dialect jsonb NOT NULL DEFAULT '{}',
  UNIQUE (version_id, position),
  UNIQUE (version_id, logical_role, table_name)
);

CREATE TABLE file_columns (
  file_id uuid NOT NULL REFERENCES dataset_files (id) ON DELETE CASCADE,
  position integer NOT NULL,
  column_name text NOT NULL,
  original_name text NOT NULL,
  data_type_original text NOT NULL,
  data_type_interpreted text NOT NULL,
  is_nullable boolean NOT NULL,
  is_pii boolean NOT NULL,
  pii_kind text,
  example_values jsonb NOT NULL DEFAULT '[]',
  stats jsonb NOT NULL DEFAULT '{}',
  proof jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (file_id, position),
  UNIQUE (file_id, column_name)
);

-- Runs are recorded by the dataset's name: one that fails has no row in datasets yet.
CREATE TABLE imports (
  workflow_id text NOT NULL,
  run_id text NOT NULL,
  dataset_name text NOT NULL,
  version_id uuid REFERENCES dataset_versions (id) ON DELETE SET NULL,
  prefix text,
  started_at timestamptz NOT NULL,
  ended_at timestamptz,
  outcome text NOT NULL DEFAULT 'running',
  stage_ms jsonb NOT NULL DEFAULT '{}',
  source_bytes bigint,
  parquet_bytes bigint,
  transferred_bytes bigint,
  cache_hit boolean,
  rows bigint,
  tables integer,
  error_code text,
  error_message text,
  PRIMARY KEY (workflow_id, run_id)
);

CREATE INDEX imports_of_dataset ON imports (dataset_name, started_at DESC);
CREATE INDEX imports_newest ON imports (started_at DESC);

-- What readers ask for most: the tables of the current publications, and where their Parquet is.
CREATE VIEW current_tables AS
SELECT
  d.dataset_name,
  v.source_version,
  v.published_at,
  f.table_name,
  f.original_filename,
  f.file_name_in_storage,
  f.row_count,
  f.size_bytes,
  f.sha256,
  f.parts
FROM datasets d
JOIN dataset_versions v ON v.id = d.current_version_id
JOIN dataset_files f ON f.version_id = v.id AND f.logical_role = 'table';
