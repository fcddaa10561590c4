/** Finds the column that a person means by a name. */
import { closest } from 'fastest-levenshtein';

export interface CheckedColumn {
  readonly name: string;
  /** As DuckDB spells it. */
  readonly type: string;
  readonly originalName: string;
}

/** A check's outcome before its severity is known. */
export interface Verdict {
  readonly check: string;
  readonly column?: string;
  readonly passed: boolean;
  readonly message: string;
}

/** By the name in the source, or else by the written name; both to the letter. */
export function findColumn<Column extends CheckedColumn>(
  columns: readonly Column[],
  name: string,
): Column | undefined {
  return (
    columns.find(({ originalName }) => originalName === name) ??
    columns.find((column) => column.name === name)
  );
}

/** `expected a column "Survived", found none; the nearest is "survived"` */
export function unknownColumn(columns: readonly CheckedColumn[], name: string): string {
  const names = [...new Set(columns.flatMap((column) => [column.originalName, column.name]))];
  const byCase = names.find((candidate) => candidate.toLowerCase() === name.toLowerCase());
  const nearest = byCase ?? (names.length > 0 ? closest(name, names) : undefined);
  const missing = `expected a column "${name}", found none`;
  return nearest === undefined ? missing : `${missing}; the nearest is "${nearest}"`;
}
