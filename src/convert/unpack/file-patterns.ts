/** The `files: include: / exclude:` patterns of a dataset entry. */
import picomatch from 'picomatch';
import type { DatasetEntry } from '../../config/datasets.js';
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
  const anyOf = (matchers: typeof exclude, path: string): boolean =>
    matchers.some((matches) => matches(path));
  return {
    excludes: (path) => anyOf(exclude, path),
    leavesOut: (path) =>
      include !== undefined && !anyOf(include, path) && !anyOf(filesOfTables, path),
    asksFor: (path) => include !== undefined && anyOf(include, path),
    wantsInside: (file, table) =>
      !anyOf(exclude, table) &&
      (include === undefined || anyOf(include, file) || anyOf(include, table)),
  };
}

/** `*.csv` also names `data.csv.gz`. */
function matcher(pattern: string): (path: string) => boolean {
  const matches = picomatch(pattern, {
    dot: true,
    nocase: true,
    basename: !pattern.includes('/'),
  });
  return (path) => matches(path) || matches(withoutCompression(path));
}
