/** What a binary file says against its own format, and how that becomes an error of the import. */
import { ImportError } from '../../../errors/index.js';

/** The message says what was found, in words. */
export class Damage extends Error {}

/** What is whole, and no table: its reason, in words. */
export class NoTable extends Error {}

/** Damage, and reading beyond a buffer, are FORMAT_UNREADABLE; other errors stay what they are. */
export function asUnreadable(error: unknown, place: string, expected: string): unknown {
  const isTold = error instanceof Damage || error instanceof NoTable;
  if (!(isTold || error instanceof RangeError)) return error;
  const found = isTold ? error.message : 'a length that leads beyond the file';
  return new ImportError('FORMAT_UNREADABLE', { place, expected, found, cause: error });
}

/** The same records; damage that is met among them is FORMAT_UNREADABLE. */
export function tellingDamage<Found>(
  records: () => AsyncIterable<Found>,
  place: string,
  expected: string,
): () => AsyncGenerator<Found> {
  return async function* () {
    try {
      yield* records();
    } catch (error) {
      throw asUnreadable(error, place, expected);
    }
  };
}
