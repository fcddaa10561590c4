/** How long a record may be: a longer one is none, and would not find the memory. */
import { ImportError } from '../../errors/index.js';

/** DuckDB would need this much memory for one line. */
export const MAX_RECORD_BYTES = 64 * 1024 * 1024;

/**
 * `RECORD_TOO_LONG` of a format that has no quotes to blame.
 * @param line where the record begins, from 1
 */
export function recordTooLong(place: string, line: number): ImportError {
  return new ImportError('RECORD_TOO_LONG', {
    place: `${place}:${line}`,
    expected: `a record of at most ${MAX_RECORD_BYTES} bytes`,
    found: 'a longer one',
    nextStep:
      'Look at that line: the ends of records may be lost there. Or leave the file out with `files: {exclude: [...]}`.',
  });
}
