/** What of a table is not in Iceberg as it is in the Parquet, in words. */
import type { SourceColumn } from './field-id.js';
import { buildSchema } from './schema.js';

export async function icebergNotes(columns: readonly SourceColumn[]): Promise<string[]> {
  const { fields, leftOut, renamed } = await buildSchema(columns);
  if (fields.length === 0)
    return ['no column has a type that Iceberg has: engines do not see the table'];
  return [
    ...leftOut.map(({ name, type }) => `${name}: engines do not see it, Iceberg has no ${type}`),
    ...renamed.map(({ column, name }) => `${column}: engines see it as ${name}, they fold case`),
  ];
}
