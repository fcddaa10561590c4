/** Decides whether a name inside an archive may be unpacked at all. */
import { ImportError } from '../../errors/index.js';
import { firstCharacters } from '../../first-characters.js';

/** C0, DEL, C1, and the marks that reorder text on a screen: none has business in a file name. */
// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/** A name longer than this is no file name on any system we know of. */
const MAX_NAME_BYTES = 4096;

/**
 * The name with `/` between its segments, in Unicode normal form C.
 *
 * Names never decide where bytes are written (files are numbered on disk), so this is the
 * second wall: such a name shows that the archive was built to do harm.
 *
 * @throws ARCHIVE_UNSAFE for absolute names, `..`, control characters and empty names.
 */
export function safeEntryName(name: string, archive: string): string {
  const refuse = (found: string): never => {
    throw new ImportError('ARCHIVE_UNSAFE', {
      place: `${archive}, entry ${JSON.stringify(firstCharacters(name, 200))}`,
      expected: 'a relative path within the archive',
      found,
    });
  };
  if (name.includes('\0')) refuse('a NUL character');
  if (CONTROL.test(name)) refuse('a control character');
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) refuse('a name of more than 4096 bytes');
  const path = name.replaceAll('\\', '/').normalize('NFC');
  if (path.startsWith('/') || /^[a-z]:/i.test(path)) refuse('an absolute path');
  const segments = path.split('/').filter((segment) => segment !== '' && segment !== '.');
  if (segments.includes('..')) refuse('a path that leaves the archive');
  if (segments.length === 0) return '';
  return segments.join('/');
}

/** Refuses a name that comes a second time; names that differ by case or by form alone are files of their own. */
export class EntryNames {
  readonly #written = new Set<string>();
  readonly #seen = new Set<string>();

  constructor(private readonly archive: string) {}

  /**
   * The name to go by: where another entry has it, that in Unicode normal form D, which looks the same.
   * @param written - as it stands in the archive
   */
  add(name: string, written: string): string {
    const free = [name, name.normalize('NFD')].find((one) => !this.#seen.has(one));
    if (free === undefined || this.#written.has(written)) {
      throw new ImportError('ARCHIVE_UNSAFE', {
        place: `${this.archive}, entry ${JSON.stringify(name)}`,
        expected: 'every name once',
        found: 'the name a second time',
      });
    }
    this.#written.add(written);
    this.#seen.add(free);
    return free;
  }
}

/** Files that operating systems leave in archives, not part of the data. */
export function isSystemFile(name: string): boolean {
  return /(^|\/)(__MACOSX\/|\._|\.DS_Store$|Thumbs\.db$|desktop\.ini$)/i.test(name);
}
