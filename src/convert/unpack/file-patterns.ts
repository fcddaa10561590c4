/** The `files: include: / exclude:` patterns of a dataset entry. */
import picomatch from 'picomatch';
import type { DatasetEntry } from '../../config/datasets.js';
import { withoutCompression } from './table-kind.js';

export interface FilePatterns {
  /** Named by `exclude`. */
  excludes(path: string): boolean;
  /** There is an `include`, and it does not name the path or one of its sheets. */
  leavesOut(path: string): boolean;
  /** Named by `include`. */
  asksFor(path: string): boolean;
  /** A sheet is wanted when `include` names it or its workbook, and `exclude` does not. */
  wantsSheet(workbook: string, sheet: string): boolean;
}

/**
 * Patterns are globs over the path in the dataset; one without `/` is matched against the file name alone.
 * A pattern may name a sheet: `book.xlsx#Sheet1`.
 */
export function filePatterns(files: DatasetEntry['files']): FilePatterns {
  const include = files?.include?.map(matcher);
  const exclude = (files?.exclude ?? []).map(matcher);
  const workbooks = (files?.include ?? [])
    .filter((pattern) => /\.xls[xm]#/i.test(pattern))
    .map((pattern) => matcher(pattern.slice(0, pattern.indexOf('#', pattern.search(/\.xls/i)))));
  const anyOf = (matchers: typeof exclude, path: string): boolean =>
    matchers.some((matches) => matches(path));
  return {
    excludes: (path) => anyOf(exclude, path),
    leavesOut: (path) => include !== undefined && !anyOf(include, path) && !anyOf(workbooks, path),
    asksFor: (path) => include !== undefined && anyOf(include, path),
    wantsSheet: (workbook, sheet) =>
      !anyOf(exclude, sheet) &&
      (include === undefined || anyOf(include, workbook) || anyOf(include, sheet)),
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
