/** Counts what crosses the network for an entry, where the next attempt finds it, whatever ends this one. */
import { noteTraffic, notedTraffic } from './leases.js';

/** A process that is killed loses the count of about so many. */
const NOTE_EVERY_BYTES = 8 * 1024 ** 2;

export interface Traffic {
  /** Fewer than before when bytes turn out to be of this disk. */
  readonly add: (bytes: number) => void;
  /** To be waited for, also after a failure. */
  readonly end: () => Promise<void>;
}

/** For a run that has a lease of the entry. */
export async function countTraffic(
  directory: string,
  key: string,
  runId: string,
): Promise<Traffic> {
  let bytes = await notedTraffic(directory, key, runId);
  let noted = bytes;
  let writing: Promise<void> | undefined;

  const note = async (): Promise<void> => {
    noted = bytes;
    await noteTraffic(directory, key, runId, bytes);
  };
  return {
    add(more) {
      bytes += more;
      if (writing || bytes - noted < NOTE_EVERY_BYTES) return;
      // A count is no reason to fail: a full disk says so where bytes of the source are written.
      writing = note()
        .catch(() => undefined)
        .finally(() => (writing = undefined));
    },
    async end() {
      await writing;
      if (bytes !== noted) await note().catch(() => undefined);
    },
  };
}
