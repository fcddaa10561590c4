/** What is no table by its name alone, so that gigabytes of images are never unpacked. */
import { containerByName } from './container.js';
import { isSystemFile } from './entry-name.js';
import { NOT_WANTED, type FilePatterns } from './file-patterns.js';
import { extensionOf, mayBeTable, UNREADABLE_ARCHIVE } from './table-kind.js';
import { unsupportedName } from './unsupported.js';

/**
 * In words; `undefined` for what may be a table, or hold one.
 * @param content - its path as its content would be called: `data.csv` for `data.csv.gz`
 */
export function reasonToSkip(
  patterns: FilePatterns,
  path: string,
  content: string,
): string | undefined {
  if (isSystemFile(path)) return 'left by an operating system';
  if (patterns.excludes(path)) return NOT_WANTED;
  // What `include` does not name may still hold what it names.
  if (containerByName(content) !== undefined) return undefined;
  if (patterns.leavesOut(path)) return NOT_WANTED;
  const [, archive] = UNREADABLE_ARCHIVE.exec(content) ?? [];
  if (archive !== undefined) return unreadableArchive(archive);
  const isAsked = patterns.asksFor(path) || patterns.formatOf(path) !== undefined;
  if (isAsked || mayBeTable(content)) return undefined;
  return unsupportedName(extensionOf(content)) ?? 'not tabular';
}

function unreadableArchive(extension: string): string {
  return `not supported: a .${extension} archive, because no reader of it for Node.js is kept well enough to be proven; unpack it, and pack it as .zip`;
}
