/** Bounds of a part's columns, without those that are values of persons. */
import type { ColumnDescription } from '../types.js';
import type { ColumnStatistics } from '../write/parquet.js';
import { isPersonal } from './personal-data.js';

/** By column name. Nulls are counted in every column. */
export function withoutPersons(
  statistics: ReadonlyMap<string, ColumnStatistics>,
  columns: readonly ColumnDescription[],
): Record<string, ColumnStatistics> {
  const personal = new Set(
    columns.filter(({ personalData }) => personalData !== undefined).map(({ name }) => name),
  );
  return Object.fromEntries(
    [...statistics].map(([name, { nulls, min, max }]) => {
      const isHidden = [min, max].some((bound) => bound !== undefined && isPersonal(bound));
      return [name, personal.has(name) || isHidden ? { nulls } : { nulls, min, max }];
    }),
  );
}
