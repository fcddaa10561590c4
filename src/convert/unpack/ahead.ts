/** Which members of a zip archive are worth unpacking while it still arrives. */
import type { DatasetEntry } from '../../config/datasets.js';
import { containerByName, ZIP_DOCUMENT } from './container.js';
import { isSystemFile } from './entry-name.js';
import { filePatterns } from './file-patterns.js';
import { memberPath } from './member.js';
import { mayBeTable } from './table-kind.js';

/** Where a member will stand in the dataset, as unpacking will have it; a name that it refuses stays as it is. */
export function pathAhead(archive: string, member: string, isAlone: boolean): string {
  const parent = isAlone && containerByName(archive) ? '' : archive;
  return memberPath(parent, member.replaceAll('\\', '/').normalize('NFC'));
}

/**
 * A guess by the names, as they come: it costs time where it is wrong, never a table. Unpacking, which knows
 * the whole archive, decides.
 */
export function wantsAhead(
  files: DatasetEntry['files'],
): (archive: string, member: string) => boolean {
  const patterns = filePatterns(files);
  return (archive, member) => {
    if (ZIP_DOCUMENT.test(archive) || isSystemFile(member)) return false;
    const paths = [member, containerByName(archive) ? `${archive}/${member}` : archive];
    if (paths.some((path) => patterns.excludes(path))) return false;
    if (paths.every((path) => patterns.leavesOut(path))) return false;
    return (
      mayBeTable(member) || paths.some((path) => patterns.asksFor(path) || patterns.formatOf(path))
    );
  };
}
