/** Local files of published tables as DuckDB reads them. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { parquetRelation } from '../convert/describe/parquet-relation.js';
import { quoteIdentifier } from '../convert/relation.js';
import type { NamedTable } from './tables-of-query.js';

/** All rows of the parts, in their order. */
export function selectFrom(files: readonly string[]): string {
  return `SELECT * FROM ${parquetRelation(files)}`;
}

/** Makes the local files of a table readable under the name that the query uses. */
export async function createView(
  connection: DuckDBConnection,
  { schema, name }: NamedTable,
  files: readonly string[],
): Promise<void> {
  if (schema !== undefined) {
    await connection.run(`CREATE SCHEMA IF NOT EXISTS ${quoteIdentifier(schema)}`);
  }
  const view = [schema, name].filter((part) => part !== undefined).map(quoteIdentifier);
  await connection.run(`CREATE VIEW ${view.join('.')} AS ${selectFrom(files)}`);
}
