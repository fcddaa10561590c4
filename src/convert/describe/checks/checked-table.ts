/** What every check is asked about. */
import type { DatasetEntry } from '../../../config/datasets.js';
import type { CheckedColumn } from './columns.js';

export interface CheckedTable {
  /** Absolute paths of the table's parts. */
  readonly files: readonly string[];
  readonly columns: readonly CheckedColumn[];
  readonly entry: DatasetEntry;
  readonly rows: number;
  /** One a column, by its name: no message shows a value of one that holds personal data. */
  readonly profiles: ReadonlyMap<string, Profile>;
}

interface Profile {
  readonly stats: Readonly<Record<string, unknown>>;
  readonly personalData?: string;
}
