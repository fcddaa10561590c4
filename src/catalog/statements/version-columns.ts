/** What every reader of versions gets of one: of `dataset_versions` v and its `datasets` d. */
export const VERSION_COLUMNS = `
    v.id AS "versionId",
    v.source_version AS "sourceVersion",
    v.source_kind AS "sourceKind",
    v.source_reference AS "sourceReference",
    v.config_digest AS "configDigest",
    v.prefix,
    v.published_at AS "publishedAt",
    v.table_count AS "tables",
    v.row_count AS "rows",
    v.parquet_bytes AS "parquetBytes",
    d.generation`;
