/** What a reader of Iceberg is shown of a dataset, from the row down to the manifest lists. */
import type pg from 'pg';
import type { ObjectStore } from '../../src/store/index.js';

export interface IcebergRow {
  readonly catalog_name: string;
  readonly table_namespace: string;
  readonly table_name: string;
  readonly metadata_location: string;
  readonly previous_metadata_location: string | null;
  readonly iceberg_type: string;
}

/** The few keys of a metadata file that tests look at. */
export interface IcebergMetadata {
  readonly 'current-snapshot-id': number;
  readonly snapshots: { 'snapshot-id': number; 'manifest-list': string }[];
  readonly refs: Record<string, { 'snapshot-id': number; type: string }>;
  readonly properties: Record<string, string>;
}

/** In whatever catalog and namespace. */
export async function icebergRows(sql: pg.Pool, dataset: string): Promise<IcebergRow[]> {
  const found = await sql.query<IcebergRow>(
    'SELECT * FROM iceberg_tables WHERE table_namespace LIKE $1 ORDER BY table_name',
    [`%${dataset}`],
  );
  return found.rows;
}

export async function icebergMetadata(
  sql: pg.Pool,
  store: ObjectStore,
  dataset: string,
  table: string,
): Promise<IcebergMetadata> {
  const row = (await icebergRows(sql, dataset)).find(({ table_name }) => table_name === table)!;
  const { text } = (await store.getText(keyOf(row.metadata_location)))!;
  return JSON.parse(text) as IcebergMetadata;
}

/** Every snapshot that a reader is shown can be opened; throws where a file is gone. */
export async function requireWholeTable(
  sql: pg.Pool,
  store: ObjectStore,
  dataset: string,
  table: string,
): Promise<void> {
  const { snapshots } = await icebergMetadata(sql, store, dataset, table);
  for (const snapshot of snapshots) {
    const key = keyOf(snapshot['manifest-list']);
    if (!(await store.head(key))) throw new Error(`${key} is gone`);
  }
}

function keyOf(location: string): string {
  return location.replace(/^s3:\/\/[^/]+\//, '');
}
