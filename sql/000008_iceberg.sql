-- Published tables under their names for every engine that reads Apache Iceberg: the two tables of its JDBC
-- catalog (schema V1), where other tools look for them, and what each version's tables are there. Only adds:
-- workers of the version before go on beside new ones. Rows of other tools, which have another catalog_name, are
-- left alone.

CREATE TABLE IF NOT EXISTS iceberg_tables (
  catalog_name varchar(255) NOT NULL,
  table_namespace varchar(255) NOT NULL,
  table_name varchar(255) NOT NULL,
  metadata_location varchar(1000),
  previous_metadata_location varchar(1000),
  iceberg_type varchar(5),
  PRIMARY KEY (catalog_name, table_namespace, table_name)
);

CREATE TABLE IF NOT EXISTS iceberg_namespace_properties (
  catalog_name varchar(255) NOT NULL,
  namespace varchar(255) NOT NULL,
  property_key varchar(255) NOT NULL,
  property_value varchar(1000),
  PRIMARY KEY (catalog_name, namespace, property_key)
);

-- A tool of schema V0 has been here: what its owner would do, as Iceberg's own `jdbc.schema-version=V1` does. A
-- row without a type is a table.
DO $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM information_schema.columns
    WHERE table_schema = current_schema() AND table_name = 'iceberg_tables'
      AND column_name = 'iceberg_type'
  ) THEN
    ALTER TABLE iceberg_tables ADD COLUMN iceberg_type varchar(5);
  END IF;
END
$$;

-- The snapshot of a version's table, and the metadata file that shows it. Not jsonb: what is compared by its text
-- stays as it was written.
ALTER TABLE dataset_files ADD COLUMN iceberg json;
