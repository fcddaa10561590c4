-- The schema of the catalog, for reading; what makes it are the migrations of sql/.

-- tables

TABLE batch_datasets (
  batch_id text NOT NULL,
  dataset_name text NOT NULL,
  left_as text,
  position integer NOT NULL
)

TABLE batches (
  batch_id text NOT NULL,
  ended_at timestamp with time zone,
  error_code text,
  error_message text,
  namespace_id text,
  outcome text NOT NULL DEFAULT 'running'::text,
  started_at timestamp with time zone NOT NULL,
  told_at timestamp with time zone,
  workflow_id text NOT NULL
)

TABLE catalog_identity (
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  only_one boolean NOT NULL DEFAULT true
)

TABLE damaged_objects (
  found text NOT NULL,
  found_at timestamp with time zone NOT NULL DEFAULT now(),
  key text NOT NULL
)

TABLE dataset_fences (
  dataset_name text NOT NULL,
  fence bigint NOT NULL DEFAULT 0
)

TABLE dataset_files (
  carried_over_from uuid,
  checks jsonb NOT NULL DEFAULT '[]'::jsonb,
  description text,
  dialect jsonb NOT NULL DEFAULT '{}'::jsonb,
  error_code text,
  file_name_in_storage text,
  format text,
  iceberg json,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  logical_role text NOT NULL,
  mime_type text,
  original_filename text NOT NULL,
  parts jsonb NOT NULL DEFAULT '[]'::jsonb,
  position integer NOT NULL,
  reject_count bigint,
  row_count bigint,
  sha256 text,
  size_bytes bigint,
  skip_reason text,
  source_bytes bigint,
  source_sha256 text,
  table_digest text,
  table_name text,
  version_id uuid NOT NULL,
  warnings jsonb NOT NULL DEFAULT '[]'::jsonb
)

TABLE dataset_versions (
  config_digest text NOT NULL,
  dataset_id uuid NOT NULL,
  digest8 text NOT NULL,
  drift jsonb NOT NULL DEFAULT '[]'::jsonb,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  parquet_bytes bigint NOT NULL,
  prefix text NOT NULL,
  provenance jsonb NOT NULL,
  published_at timestamp with time zone NOT NULL DEFAULT now(),
  reject_count bigint NOT NULL,
  removed_at timestamp with time zone,
  rolled_back_at timestamp with time zone,
  row_count bigint NOT NULL,
  run_id text NOT NULL,
  source_bytes bigint NOT NULL,
  source_checksum text NOT NULL,
  source_kind text NOT NULL,
  source_reference text NOT NULL,
  source_version text NOT NULL,
  state text NOT NULL,
  superseded_at timestamp with time zone DEFAULT now(),
  table_count integer NOT NULL,
  workflow_id text NOT NULL
)

TABLE datasets (
  citation text,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  current_version_id uuid,
  dataset_name text NOT NULL,
  description text,
  domain text[] NOT NULL DEFAULT '{}'::text[],
  features_number integer,
  generation bigint NOT NULL DEFAULT 0,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  instances_number bigint,
  kaggle_ref text,
  keywords text[] NOT NULL DEFAULT '{}'::text[],
  licence text,
  licence_spdx text,
  source_kind text NOT NULL,
  source_reference text NOT NULL,
  target_column text,
  task text[] NOT NULL DEFAULT '{}'::text[],
  title text,
  updated_at timestamp with time zone NOT NULL DEFAULT now()
)

TABLE file_columns (
  column_name text NOT NULL,
  data_type_interpreted text NOT NULL,
  data_type_original text NOT NULL,
  description text,
  example_values jsonb NOT NULL DEFAULT '[]'::jsonb,
  file_id uuid NOT NULL,
  is_nullable boolean NOT NULL,
  is_pii boolean NOT NULL,
  original_name text NOT NULL,
  pii_kind text,
  position integer NOT NULL,
  proof jsonb NOT NULL DEFAULT '{}'::jsonb,
  stats jsonb NOT NULL DEFAULT '{}'::jsonb
)

TABLE iceberg_namespace_properties (
  catalog_name character varying(255) NOT NULL,
  namespace character varying(255) NOT NULL,
  property_key character varying(255) NOT NULL,
  property_value character varying(1000)
)

TABLE iceberg_tables (
  catalog_name character varying(255) NOT NULL,
  iceberg_type character varying(5),
  metadata_location character varying(1000),
  previous_metadata_location character varying(1000),
  table_name character varying(255) NOT NULL,
  table_namespace character varying(255) NOT NULL
)

TABLE imports (
  batch_id text,
  cache_hit boolean,
  carried_over integer,
  dataset_name text NOT NULL,
  ended_at timestamp with time zone,
  error_code text,
  error_message text,
  failed jsonb,
  fence bigint,
  kept jsonb,
  namespace_id text,
  next_step text,
  outcome text NOT NULL DEFAULT 'running'::text,
  parquet_bytes bigint,
  prefix text,
  rejects bigint,
  rows bigint,
  run_id text NOT NULL,
  skipped text,
  source_bytes bigint,
  stage_ms jsonb NOT NULL DEFAULT '{}'::jsonb,
  started_at timestamp with time zone NOT NULL,
  tables integer,
  transferred_bytes bigint,
  version_id uuid,
  warnings jsonb,
  workflow_id text NOT NULL
)

TABLE message_deliveries (
  delivered_at timestamp with time zone NOT NULL DEFAULT now(),
  message_id text NOT NULL,
  receiver text NOT NULL
)

TABLE message_receivers (
  failures integer NOT NULL DEFAULT 0,
  held_until timestamp with time zone,
  namespace_id text NOT NULL,
  not_before timestamp with time zone NOT NULL DEFAULT now(),
  problem text,
  receiver text NOT NULL,
  since timestamp with time zone NOT NULL DEFAULT (now() - '01:00:00'::interval)
)

TABLE messages (
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  event text NOT NULL,
  facts jsonb NOT NULL,
  lines jsonb NOT NULL,
  message_id text NOT NULL,
  namespace_id text NOT NULL,
  title text NOT NULL
)

TABLE object_prefixes (
  claimed_at timestamp with time zone NOT NULL DEFAULT now(),
  dataset_name text NOT NULL,
  large_keys text[] NOT NULL DEFAULT '{}'::text[],
  prefix text NOT NULL,
  removed_at timestamp with time zone,
  run_id text NOT NULL,
  state text NOT NULL DEFAULT 'open'::text,
  workflow_id text NOT NULL
)

TABLE workers (
  config_digest text NOT NULL,
  config_problem text,
  identity text NOT NULL,
  seen_at timestamp with time zone NOT NULL DEFAULT now()
)

-- constraints

batch_datasets: batch_datasets_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES batches(batch_id) ON DELETE CASCADE

batch_datasets: batch_datasets_pkey PRIMARY KEY (batch_id, "position")

batches: batches_outcome_check CHECK ((outcome = ANY (ARRAY['running'::text, 'finished'::text, 'failed'::text, 'cancelled'::text, 'terminated'::text, 'timed-out'::text, 'lost'::text])))

batches: batches_pkey PRIMARY KEY (batch_id)

catalog_identity: catalog_identity_only_one_check CHECK (only_one)

catalog_identity: catalog_identity_only_one_key UNIQUE (only_one)

catalog_identity: catalog_identity_pkey PRIMARY KEY (id)

damaged_objects: damaged_objects_pkey PRIMARY KEY (key)

dataset_fences: dataset_fences_pkey PRIMARY KEY (dataset_name)

dataset_files: dataset_files_carried_over_from_fkey FOREIGN KEY (carried_over_from) REFERENCES dataset_versions(id) ON DELETE SET NULL

dataset_files: dataset_files_logical_role_check CHECK ((logical_role = ANY (ARRAY['table'::text, 'rejects'::text, 'skipped'::text, 'metadata'::text, 'kept'::text])))

dataset_files: dataset_files_pkey PRIMARY KEY (id)

dataset_files: dataset_files_version_id_fkey FOREIGN KEY (version_id) REFERENCES dataset_versions(id) ON DELETE CASCADE

dataset_files: dataset_files_version_id_logical_role_table_name_key UNIQUE (version_id, logical_role, table_name)

dataset_files: dataset_files_version_id_position_key UNIQUE (version_id, "position")

dataset_versions: dataset_versions_dataset_id_fkey FOREIGN KEY (dataset_id) REFERENCES datasets(id) ON DELETE CASCADE

dataset_versions: dataset_versions_pkey PRIMARY KEY (id)

dataset_versions: dataset_versions_prefix_key UNIQUE (prefix)

dataset_versions: dataset_versions_state_check CHECK ((state = ANY (ARRAY['current'::text, 'superseded'::text, 'held'::text, 'rejected'::text, 'overtaken'::text, 'removed'::text])))

datasets: datasets_current_version_fkey FOREIGN KEY (current_version_id) REFERENCES dataset_versions(id) ON DELETE SET NULL

datasets: datasets_dataset_name_key UNIQUE (dataset_name)

datasets: datasets_pkey PRIMARY KEY (id)

file_columns: file_columns_file_id_column_name_key UNIQUE (file_id, column_name)

file_columns: file_columns_file_id_fkey FOREIGN KEY (file_id) REFERENCES dataset_files(id) ON DELETE CASCADE

file_columns: file_columns_pkey PRIMARY KEY (file_id, "position")

iceberg_namespace_properties: iceberg_namespace_properties_pkey PRIMARY KEY (catalog_name, namespace, property_key)

iceberg_tables: iceberg_tables_pkey PRIMARY KEY (catalog_name, table_namespace, table_name)

imports: imports_pkey PRIMARY KEY (workflow_id, run_id)

imports: imports_version_id_fkey FOREIGN KEY (version_id) REFERENCES dataset_versions(id) ON DELETE SET NULL

message_deliveries: message_deliveries_message_id_fkey FOREIGN KEY (message_id) REFERENCES messages(message_id) ON DELETE CASCADE

message_deliveries: message_deliveries_pkey PRIMARY KEY (message_id, receiver)

message_receivers: message_receivers_pkey PRIMARY KEY (namespace_id, receiver)

messages: messages_pkey PRIMARY KEY (message_id)

object_prefixes: object_prefixes_pkey PRIMARY KEY (prefix)

object_prefixes: object_prefixes_state_check CHECK ((state = ANY (ARRAY['open'::text, 'published'::text, 'removed'::text])))

workers: workers_pkey PRIMARY KEY (identity)

-- indexes

CREATE INDEX batches_newest ON public.batches USING btree (started_at DESC)

CREATE INDEX batches_unfinished ON public.batches USING btree (started_at) WHERE (ended_at IS NULL)

CREATE INDEX dataset_versions_of_run ON public.dataset_versions USING btree (run_id)

CREATE INDEX dataset_versions_of_source ON public.dataset_versions USING btree (dataset_id, source_version, digest8)

CREATE INDEX dataset_versions_unswept ON public.dataset_versions USING btree (id) WHERE ((state = 'removed'::text) AND (removed_at IS NULL))

CREATE INDEX imports_newest ON public.imports USING btree (started_at DESC)

CREATE INDEX imports_of_batch ON public.imports USING btree (batch_id, dataset_name) WHERE (batch_id IS NOT NULL)

CREATE INDEX imports_of_dataset ON public.imports USING btree (dataset_name, started_at DESC)

CREATE INDEX imports_of_version ON public.imports USING btree (version_id) WHERE (version_id IS NOT NULL)

CREATE INDEX imports_unfinished ON public.imports USING btree (started_at) WHERE (ended_at IS NULL)

CREATE INDEX message_deliveries_newest ON public.message_deliveries USING btree (receiver, delivered_at)

CREATE INDEX messages_newest ON public.messages USING btree (namespace_id, created_at)

CREATE INDEX object_prefixes_of_run ON public.object_prefixes USING btree (run_id)

CREATE INDEX object_prefixes_unpublished ON public.object_prefixes USING btree (claimed_at) WHERE (state <> 'published'::text)

CREATE UNIQUE INDEX batch_datasets_of_name ON public.batch_datasets USING btree (batch_id, dataset_name)

CREATE UNIQUE INDEX batch_datasets_pkey ON public.batch_datasets USING btree (batch_id, "position")

CREATE UNIQUE INDEX batches_pkey ON public.batches USING btree (batch_id)

CREATE UNIQUE INDEX catalog_identity_only_one_key ON public.catalog_identity USING btree (only_one)

CREATE UNIQUE INDEX catalog_identity_pkey ON public.catalog_identity USING btree (id)

CREATE UNIQUE INDEX damaged_objects_pkey ON public.damaged_objects USING btree (key)

CREATE UNIQUE INDEX dataset_fences_pkey ON public.dataset_fences USING btree (dataset_name)

CREATE UNIQUE INDEX dataset_files_pkey ON public.dataset_files USING btree (id)

CREATE UNIQUE INDEX dataset_files_version_id_logical_role_table_name_key ON public.dataset_files USING btree (version_id, logical_role, table_name)

CREATE UNIQUE INDEX dataset_files_version_id_position_key ON public.dataset_files USING btree (version_id, "position")

CREATE UNIQUE INDEX dataset_versions_one_current ON public.dataset_versions USING btree (dataset_id) WHERE (state = 'current'::text)

CREATE UNIQUE INDEX dataset_versions_one_held ON public.dataset_versions USING btree (dataset_id) WHERE (state = 'held'::text)

CREATE UNIQUE INDEX dataset_versions_pkey ON public.dataset_versions USING btree (id)

CREATE UNIQUE INDEX dataset_versions_prefix_key ON public.dataset_versions USING btree (prefix)

CREATE UNIQUE INDEX datasets_dataset_name_key ON public.datasets USING btree (dataset_name)

CREATE UNIQUE INDEX datasets_pkey ON public.datasets USING btree (id)

CREATE UNIQUE INDEX file_columns_file_id_column_name_key ON public.file_columns USING btree (file_id, column_name)

CREATE UNIQUE INDEX file_columns_pkey ON public.file_columns USING btree (file_id, "position")

CREATE UNIQUE INDEX iceberg_namespace_properties_pkey ON public.iceberg_namespace_properties USING btree (catalog_name, namespace, property_key)

CREATE UNIQUE INDEX iceberg_tables_pkey ON public.iceberg_tables USING btree (catalog_name, table_namespace, table_name)

CREATE UNIQUE INDEX imports_pkey ON public.imports USING btree (workflow_id, run_id)

CREATE UNIQUE INDEX message_deliveries_pkey ON public.message_deliveries USING btree (message_id, receiver)

CREATE UNIQUE INDEX message_receivers_pkey ON public.message_receivers USING btree (namespace_id, receiver)

CREATE UNIQUE INDEX messages_pkey ON public.messages USING btree (message_id)

CREATE UNIQUE INDEX object_prefixes_pkey ON public.object_prefixes USING btree (prefix)

CREATE UNIQUE INDEX workers_pkey ON public.workers USING btree (identity)

-- views

VIEW current_columns AS
 SELECT d.dataset_name,
    f.table_name,
    c."position",
    c.column_name,
    c.original_name,
    c.data_type_original,
    c.data_type_interpreted,
    c.is_nullable,
    c.is_pii,
    c.pii_kind,
    (NOT (c.column_name IS DISTINCT FROM d.target_column)) AS is_target,
    c.example_values,
    c.stats,
    c.proof,
    c.description
   FROM ((datasets d
     JOIN dataset_files f ON (((f.version_id = d.current_version_id) AND (f.logical_role = 'table'::text))))
     JOIN file_columns c ON ((c.file_id = f.id)));

VIEW current_datasets AS
 SELECT d.dataset_name,
    d.title,
    d.description,
    d.domain,
    d.task,
    d.target_column,
    d.licence,
    v.source_kind,
    v.source_reference,
    v.source_version,
    v.published_at,
    v.table_count,
    v.row_count,
    v.reject_count,
    v.source_bytes,
    v.parquet_bytes,
    v.prefix,
    d.generation,
    d.keywords,
    d.citation,
    d.licence_spdx
   FROM (datasets d
     JOIN dataset_versions v ON ((v.id = d.current_version_id)));

VIEW current_tables AS
 SELECT d.dataset_name,
    v.source_version,
    v.published_at,
    f.table_name,
    f.original_filename,
    f.file_name_in_storage,
    f.row_count,
    f.size_bytes,
    f.sha256,
    f.parts,
    f.description
   FROM ((datasets d
     JOIN dataset_versions v ON ((v.id = d.current_version_id)))
     JOIN dataset_files f ON (((f.version_id = v.id) AND (f.logical_role = 'table'::text))));

VIEW import_history AS
 SELECT i.dataset_name,
    i.started_at,
    i.ended_at,
    (i.ended_at - i.started_at) AS duration,
    i.outcome,
    i.error_code,
    i.error_message,
    v.source_version,
    i.rows,
    i.tables,
    i.source_bytes,
    i.parquet_bytes,
    i.transferred_bytes,
    i.cache_hit,
    i.prefix,
    i.workflow_id,
    i.run_id
   FROM (imports i
     LEFT JOIN dataset_versions v ON ((v.id = i.version_id)));

-- functions

CREATE OR REPLACE FUNCTION public.next_generation()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  NEW.generation := OLD.generation + 1;
  RETURN NEW;
END
$function$

CREATE OR REPLACE FUNCTION public.version_changes_state()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  NEW.superseded_at := CASE WHEN NEW.state = 'current' THEN NULL ELSE now() END;
  IF NEW.state = 'current' THEN NEW.rolled_back_at := NULL; END IF;
  RETURN NEW;
END
$function$

-- triggers

CREATE TRIGGER dataset_versions_change_state BEFORE UPDATE OF state ON public.dataset_versions FOR EACH ROW WHEN (((old.state IS DISTINCT FROM new.state) AND (new.state <> 'removed'::text))) EXECUTE FUNCTION version_changes_state()

CREATE TRIGGER datasets_next_generation BEFORE UPDATE OF current_version_id ON public.datasets FOR EACH ROW WHEN ((old.current_version_id IS DISTINCT FROM new.current_version_id)) EXECUTE FUNCTION next_generation()
