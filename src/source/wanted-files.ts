/** Which files of a source an entry's `files:` patterns want, before anything is transferred. */
import picomatch from 'picomatch';
import { fileOfPattern } from '../file-of-pattern.js';
import { ImportError } from '../errors/index.js';
import type { SourceFile, SourceRequest } from './source.js';

/** May hold wanted files; unpacking decides. */
const CONTAINER = /\.(zip|tar|tgz|gz|zst|tzst)$/i;
const COMPRESSION = /\.(gz|zst|zip)$/i;

/** True when the dataset names what it wants, so that fetching all would be a waste. */
export function wantsSome({ files }: SourceRequest): boolean {
  return files?.include !== undefined;
}

/**
 * The same patterns as for unpacking: globs over the path, or over the file name when without `/`; a sheet
 * (`book.xlsx#Sheet1`) wants its workbook, a table its database. Archives within the dataset are kept, for they may hold more.
 * Throws SOURCE_FILES_NOT_FOUND when nothing is left.
 */
export function wantedFiles<File extends SourceFile>(
  { dataset, files: patterns }: SourceRequest,
  files: readonly File[],
): File[] {
  const include = patterns?.include?.map((pattern) => matcher(fileOfPattern(pattern)));
  const exclude = patterns?.exclude?.map(matcher) ?? [];
  const wanted = files.filter(
    ({ path }) =>
      !exclude.some((matches) => matches(path)) &&
      (include === undefined || CONTAINER.test(path) || include.some((matches) => matches(path))),
  );
  if (wanted.length > 0) return wanted;
  const some = files.slice(0, 5).map(({ path }) => path);
  throw new ImportError('SOURCE_FILES_NOT_FOUND', {
    place: dataset,
    expected: [...(patterns?.include ?? ['any file'])].join(', '),
    found: files.length === 0 ? 'no file at all' : `${files.length} files: ${some.join(', ')} ...`,
  });
}

function matcher(pattern: string): (path: string) => boolean {
  const matches = picomatch(pattern, { dot: true, nocase: true, basename: !pattern.includes('/') });
  return (path) => matches(path) || matches(path.replace(COMPRESSION, ''));
}
