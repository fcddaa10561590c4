/** A note of the last sweep that does not end, as on a disk that hangs: whoever asks for it stands still there. */
import { closeSync, constants, openSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { eventually } from './eventually.js';

export interface SweepGate {
  /** The next clean-up stops in its middle, until `open`. Gives when it has come. */
  hold(): Promise<void>;
  open(): void;
}

/** @param cacheDirectory - exists once a worker uses it */
export function sweepGate(cacheDirectory: string): SweepGate {
  const note = join(cacheDirectory, 'swept');
  let pipe: number | undefined;
  return {
    async hold() {
      rmSync(note, { force: true });
      await execa('mkfifo', [note]);
      // Neither so new nor so old that nobody would read what it says.
      const before = new Date(Date.now() - 10 * 60_000);
      utimesSync(note, before, before);
      await eventually('a clean-up', () => {
        try {
          // Succeeds once there is a reader (fifo(7)), who then waits for as long as this end is open.
          pipe = openSync(note, constants.O_WRONLY | constants.O_NONBLOCK);
          return true;
        } catch {
          return false;
        }
      });
    },
    open() {
      rmSync(note, { force: true });
      if (pipe !== undefined) closeSync(pipe);
      pipe = undefined;
    },
  };
}
