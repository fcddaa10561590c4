/** Spaces out the calls of one process: a dataset fetched file by file makes many, all within one task of the queue. */
import { setTimeout as sleep } from 'node:timers/promises';

/** Calls that may go out at once after a quiet time: enough for a few imports that begin together. */
const BURST = 20;

/** Resolves when the next call may go out; rejects with the signal's reason. */
export type Pace = (signal: AbortSignal) => Promise<void>;

/** @param perSecond - no limit when absent */
export function createPace(perSecond: number | undefined): Pace {
  if (perSecond === undefined) return () => Promise.resolve();
  const intervalMs = 1000 / perSecond;
  let nextMs = -Infinity;
  return async (signal) => {
    signal.throwIfAborted();
    const now = performance.now();
    nextMs = Math.max(nextMs, now - BURST * intervalMs) + intervalMs;
    if (nextMs <= now) return;
    await sleep(nextMs - now, undefined, { signal }).catch(() => signal.throwIfAborted());
  };
}
