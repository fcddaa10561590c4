/** What published tables are for engines that read Iceberg. The fence of the dataset is locked for all of it. */

/** What a row `f` of dataset_files needs to be an Iceberg table: manifests, their list, the metadata file. */
export const ICEBERG_OBJECTS = `
  SELECT object FROM json_array_elements(f.iceberg #> '{snapshot,objects}') AS object
  UNION ALL SELECT f.iceberg -> 'metadata' WHERE f.iceberg IS NOT NULL`;

/** Stored tables of dataset $1 that have a snapshot, in the order of publication. */
export const ICEBERG_TABLES = `
  SELECT
    v.prefix,
    v.source_version AS "sourceVersion",
    v.state IN ('current', 'superseded') AS "published",
    f.table_name AS "table",
    f.iceberg
  FROM datasets d
  JOIN dataset_versions v ON v.dataset_id = d.id AND v.state <> 'removed'
  JOIN dataset_files f ON f.version_id = v.id AND f.logical_role = 'table'
  WHERE d.dataset_name = $1 AND f.iceberg IS NOT NULL
  ORDER BY v.published_at, v.id, f.table_name`;

/** Metadata files that this catalog has written for dataset $1: a row that names another one is not ours. */
const OURS = `
  SELECT f.iceberg -> 'metadata' ->> 'location'
  FROM datasets d
  JOIN dataset_versions v ON v.dataset_id = d.id
  JOIN dataset_files f ON f.version_id = v.id
  WHERE d.dataset_name = $1 AND f.iceberg IS NOT NULL`;

/** Changes when anything does that the next metadata files are made of, or the rows that name the last ones. */
export const ICEBERG_STATE = `
  SELECT md5(coalesce(string_agg(fact, ' ' ORDER BY fact), '')) AS state
  FROM (
    SELECT concat_ws(' ', v.id, v.state IN ('current', 'superseded'), f.table_name,
      f.iceberg -> 'metadata' ->> 'location') AS fact
    FROM datasets d
    JOIN dataset_versions v ON v.dataset_id = d.id AND v.state <> 'removed'
    JOIN dataset_files f ON f.version_id = v.id AND f.logical_role = 'table'
    WHERE d.dataset_name = $1 AND f.iceberg IS NOT NULL
    UNION ALL
    SELECT concat_ws(' ', catalog_name, table_namespace, table_name, metadata_location)
    FROM iceberg_tables WHERE metadata_location IN (${OURS})
  ) facts`;

/** Rows of dataset $1 that are ours, in whatever catalog. */
export const OUR_ICEBERG_ROWS = `
  SELECT
    catalog_name AS "catalogName",
    table_namespace AS "namespace",
    table_name AS "name",
    metadata_location AS "location"
  FROM iceberg_tables WHERE metadata_location IN (${OURS})`;

/** Of dataset $1: those that are not named by $4 in catalog $2, namespace $3. */
export const DROP_ICEBERG_ROWS = `
  DELETE FROM iceberg_tables
  WHERE metadata_location IN (${OURS})
    AND NOT (catalog_name = $2 AND table_namespace = $3 AND table_name = ANY ($4))`;

/** $4: an array of tables as JSON. Fewer rows come back than there are tables when a name is another tool's. */
export const MOVE_ICEBERG_ROWS = `
  INSERT INTO iceberg_tables AS t (
    catalog_name, table_namespace, table_name, metadata_location, iceberg_type
  )
  SELECT $2, $3, name, location, 'TABLE'
  FROM jsonb_to_recordset($4::jsonb) AS wanted (name text, location text)
  ON CONFLICT (catalog_name, table_namespace, table_name) DO UPDATE SET
    metadata_location = excluded.metadata_location,
    previous_metadata_location = coalesce(
      nullif(t.metadata_location, excluded.metadata_location), t.previous_metadata_location
    ),
    iceberg_type = excluded.iceberg_type
  WHERE t.metadata_location IN (${OURS})
  RETURNING table_name AS name`;

/** Of the names $4 in catalog $2, namespace $3: those that are another tool's, as seen by dataset $1. */
export const TAKEN_ICEBERG_NAMES = `
  SELECT table_name AS "name" FROM iceberg_tables
  WHERE catalog_name = $2 AND table_namespace = $3 AND table_name = ANY ($4)
    AND metadata_location IN (${OURS}) IS NOT TRUE
  ORDER BY table_name`;

/** A namespace is there when it has this property. */
export const CREATE_ICEBERG_NAMESPACE = `
  INSERT INTO iceberg_namespace_properties (catalog_name, namespace, property_key, property_value)
  VALUES ($1, $2, 'exists', 'true')
  ON CONFLICT DO NOTHING`;

/** Of version $1. $2: an array of tables as JSON; one that is not among them has no snapshot. */
export const NOTE_ICEBERG = `
  UPDATE dataset_files f SET iceberg = noted.iceberg
  FROM dataset_files known
  LEFT JOIN json_to_recordset($2::json) AS noted (name text, iceberg json)
    ON noted.name = known.table_name
  WHERE known.version_id = $1 AND known.logical_role = 'table' AND f.id = known.id`;

/** Metadata files that some reader may be about to open. */
export const ICEBERG_LOCATIONS = `
  SELECT metadata_location AS location FROM iceberg_tables WHERE metadata_location IS NOT NULL
  UNION
  SELECT previous_metadata_location FROM iceberg_tables
  WHERE previous_metadata_location IS NOT NULL`;
