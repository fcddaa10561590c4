/** The option of DuckDB's COPY that gives every field of the Parquet its id, by which Iceberg knows it when names change. */
import { identify, type IdentifiedField, type SourceColumn } from '../../iceberg/field-id.js';
import { quoteIdentifier } from '../relation.js';

/** Where the id of a field stands that has fields within. */
const OWN_ID = '__duckdb_field_id';

/** `FIELD_IDS {...}`; the ids are those of `identify`. */
export function fieldIdsOption(columns: readonly SourceColumn[]): string {
  return `FIELD_IDS ${idsSql(identify(columns))}`;
}

function idsSql(fields: readonly IdentifiedField[]): string {
  return `{${fields.map((field) => `${quoteIdentifier(field.name)}: ${idSql(field)}`).join(', ')}}`;
}

function idSql({ id, within }: IdentifiedField): string {
  return within.length === 0 ? String(id) : `{${OWN_ID}: ${id}, ${idsSql(within).slice(1)}`;
}
