/** A cache entry whose marker does not end, as on a disk that hangs: whoever sweeps the cache stands still there. */
import { closeSync, constants, mkdirSync, openSync, rmSync } from 'node:fs';
import { execa } from 'execa';
import { entryPaths } from '../../src/cache/layout.js';
import { eventually } from './eventually.js';

export interface SweepGate {
  /** The next sweep stops in its middle, until `open`. Gives when it has come. */
  hold(): Promise<void>;
  open(): void;
}

/** @param cacheDirectory - exists once a worker uses it */
export function sweepGate(cacheDirectory: string): SweepGate {
  const { directory, marker } = entryPaths(cacheDirectory, 'held');
  let pipe: number | undefined;
  return {
    async hold() {
      mkdirSync(directory);
      await execa('mkfifo', [marker]);
      await eventually('a sweep of the cache', () => {
        try {
          // Succeeds once there is a reader (fifo(7)), who then waits for as long as this end is open.
          pipe = openSync(marker, constants.O_WRONLY | constants.O_NONBLOCK);
          return true;
        } catch {
          return false;
        }
      });
    },
    open() {
      rmSync(directory, { recursive: true, force: true });
      if (pipe !== undefined) closeSync(pipe);
      pipe = undefined;
    },
  };
}
