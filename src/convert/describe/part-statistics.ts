/** Bounds of a part's columns, without those of persons. */
import type { ColumnDescription } from '../types.js';
import type { ColumnStatistics } from '../write/parquet.js';

/** By column name. */
export function impersonal(
  statistics: ReadonlyMap<string, ColumnStatistics>,
  columns: readonly ColumnDescription[],
): Record<string, ColumnStatistics> {
  const personal = new Set(
    columns.filter(({ personalData }) => personalData !== undefined).map(({ name }) => name),
  );
  return Object.fromEntries([...statistics].filter(([name]) => !personal.has(name)));
}
