/** What the source says of a table and its columns, by the names that they have here. */
import type { TableSource } from '../types.js';

type Descriptions = ReadonlyArray<readonly [name: string, description: string]>;

/** Those of the file itself, and above them those of the dataset. */
export function columnDescriptions(
  table: { readonly columnDescriptions?: Descriptions },
  file: { readonly columnDescriptions?: Descriptions },
): Descriptions {
  return [...(file.columnDescriptions ?? []), ...(table.columnDescriptions ?? [])];
}

interface NamedColumn {
  readonly name: string;
  readonly originalName: string;
}

export function describedColumns<Column extends NamedColumn>(
  { columnDescriptions }: Pick<TableSource, 'columnDescriptions'>,
  columns: readonly Column[],
): ReadonlyArray<Column & { readonly description?: string }> {
  if (!columnDescriptions) return columns;
  const known = new Map(columnDescriptions);
  return columns.map((column) => {
    const description = known.get(column.originalName.trim().replaceAll(/\s+/g, ' '));
    return description === undefined ? column : { ...column, description };
  });
}

/** Key-value metadata of the Parquet. */
export function descriptionMetadata(
  table: Pick<TableSource, 'description' | 'columnDescriptions'>,
  columns: readonly NamedColumn[],
): Readonly<Record<string, string>> {
  const known = describedColumns(table, columns).flatMap(({ name, description }) =>
    description === undefined ? [] : [[name, description]],
  );
  return {
    ...(table.description !== undefined && { file_description: table.description }),
    ...(known.length > 0 && {
      column_descriptions: JSON.stringify(Object.fromEntries(known)),
    }),
  };
}
