/** The `files: include: / exclude:` patterns of a dataset entry. */
import picomatch from 'picomatch';
import type { DatasetEntry } from '../../config/datasets.js';
import type { FilePins, TableFormat } from '../../config/files.js';
import { fileOfPattern } from '../../file-of-pattern.js';
import { withoutCompression } from './table-kind.js';

/** The reason for what `files:` leaves out. */
export const NOT_WANTED = 'excluded by files:';

export interface FilePatterns {
  /** Named by `exclude`. */
  excludes(path: string): boolean;
  /** There is an `include`, and it does not name the path or a table in it. */
  leavesOut(path: string): boolean;
  /** Named by `include`. */
  asksFor(path: string): boolean;
  /** What a person says that the file is. */
  formatOf(path: string): TableFormat | undefined;
  /** A sheet or a table of a database is wanted when `include` names it or its file, and `exclude` does not. */
  wantsInside(file: string, table: string): boolean;
}

/**
 * Patterns are globs over the path in the dataset; one without `/` is matched against the file name alone.
 * A pattern may name a table within its file: `book.xlsx#Sheet1`, `shop.sqlite#orders`.
 */
export function filePatterns(files: DatasetEntry['files']): FilePatterns {
  const include = files?.include?.map(matcher);
  const exclude = (files?.exclude ?? []).map(matcher);
  const filesOfTables = (files?.include ?? [])
    .filter((pattern) => fileOfPattern(pattern) !== pattern)
    .map((pattern) => matcher(fileOfPattern(pattern)));
  const pinsOf = filePins(files);
  const anyOf = (matchers: typeof exclude, path: string): boolean =>
    matchers.some((matches) => matches(path));
  return {
    excludes: (path) => anyOf(exclude, path),
    leavesOut: (path) =>
      include !== undefined && !anyOf(include, path) && !anyOf(filesOfTables, path),
    asksFor: (path) => include !== undefined && anyOf(include, path),
    formatOf: (path) => {
      const { format, csv } = pinsOf(path);
      return format ?? (csv?.fixed_width && 'csv');
    },
    wantsInside: (file, table) =>
      !anyOf(exclude, table) &&
      (include === undefined || anyOf(include, file) || anyOf(include, table)),
  };
}

/** Of all patterns that name the file or the table in it: a later one wins. */
function filePins(files: DatasetEntry['files']): (path: string) => FilePins {
  const all = Object.entries(files?.pins ?? {}).map(([pattern, pins]) => {
    const matches = matcher(pattern);
    return { pins, names: (path: string) => pattern === path || matches(path) };
  });
  return (path) =>
    all
      .filter(({ names }) => names(path))
      .reduce<FilePins>(
        (before, { pins: { csv, columns, ...pins } }) => ({
          ...{ ...before, ...pins },
          ...((csv ?? before.csv) && { csv: { ...before.csv, ...csv } }),
          ...((columns ?? before.columns) && { columns: { ...before.columns, ...columns } }),
        }),
        {},
      );
}

/** The entry as it is for one table: what is pinned for its file wins over what is pinned for all. */
export function entryFor(entry: DatasetEntry, path: string): DatasetEntry {
  const { csv, columns } = filePins(entry.files)(path);
  return {
    ...entry,
    ...(csv && { csv: { ...entry.csv, ...csv } }),
    ...(columns && { columns: { ...entry.columns, ...columns } }),
  };
}

/** `*.csv` also names `data.csv.gz`. */
export function matcher(pattern: string): (path: string) => boolean {
  const matches = picomatch(pattern, {
    dot: true,
    nocase: true,
    basename: !pattern.includes('/'),
  });
  return (path) => matches(path) || matches(withoutCompression(path));
}
