/** Counts what comes out of the archives of one import, and stops it at the configured limits. */
import type { Settings } from '../../config/datasets.js';
import { ImportError } from '../../errors/index.js';

/** An archive may list so many entries for each that may be unpacked. */
const SEEN_FOR_EACH = 10;

export class UnpackBudget {
  #bytes = 0;
  #entries = 0;
  #seen = 0;

  /** Of all downloaded files together: the measure for `max_ratio`. */
  private readonly packedBytes: number;

  constructor(
    private readonly limits: Settings['limits'],
    files: ReadonlyArray<{ readonly bytes: number }>,
  ) {
    this.packedBytes = files.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Unpacked bytes so far, nested archives included. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * One that is there, wanted or not: what an archive lists is held in memory.
   * @throws ARCHIVE_TOO_LARGE
   */
  seeEntry(place: string): void {
    const most = SEEN_FOR_EACH * this.limits.max_entries;
    if ((this.#seen += 1) > most) {
      const times = `${SEEN_FOR_EACH} times limits.max_entries`;
      this.#refuse(place, `at most ${most} entries, wanted or not (${times})`, 'more');
    }
  }

  /**
   * One that is unpacked: pictures and others that are left in their archive do not count.
   * @throws ARCHIVE_TOO_LARGE
   */
  addEntry(place: string): void {
    this.#entries++;
    if (this.#entries > this.limits.max_entries) {
      this.#refuse(
        place,
        `at most ${this.limits.max_entries} entries (limits.max_entries)`,
        'more',
      );
    }
  }

  /** @throws ARCHIVE_TOO_LARGE */
  addBytes(bytes: number, place: string): void {
    this.#bytes += bytes;
    this.expect(0, place);
  }

  /**
   * Refuses early what an archive declares of itself, before a byte is written.
   * @throws ARCHIVE_TOO_LARGE
   */
  expect(declaredBytes: number, place: string): void {
    const total = this.#bytes + declaredBytes;
    const { max_unpacked_size: maxBytes, max_ratio: maxRatio } = this.limits;
    if (total > maxBytes) {
      this.#refuse(
        place,
        `at most ${maxBytes} bytes unpacked (limits.max_unpacked_size)`,
        `${total} bytes or more`,
      );
    }
    if (total > maxRatio * this.packedBytes) {
      this.#refuse(
        place,
        `at most ${maxRatio} unpacked bytes for a packed one (limits.max_ratio)`,
        `${total} bytes or more out of ${this.packedBytes}`,
      );
    }
  }

  /** @throws ARCHIVE_TOO_LARGE */
  checkNesting(depth: number, place: string): void {
    if (depth > this.limits.max_nesting) {
      this.#refuse(
        place,
        `archives at most ${this.limits.max_nesting} deep within the first (limits.max_nesting)`,
        `an archive at depth ${depth}`,
      );
    }
  }

  #refuse(place: string, expected: string, found: string): never {
    throw new ImportError('ARCHIVE_TOO_LARGE', { place, expected, found });
  }
}
