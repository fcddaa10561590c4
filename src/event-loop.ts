/** How long anything waits for the thread of the worker: it only coordinates, so hardly ever noticeably. */
import { monitorEventLoopDelay } from 'node:perf_hooks';

const EVERY_MS = 10_000;
/** The sampling timer's own period is part of what it measures. */
const RESOLUTION_MS = 10;

/** Tells the longest delay of the last ten seconds, in seconds. The answer ends it. */
export function watchEventLoop(onDelay: (seconds: number) => void): () => void {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  onDelay(0);
  const timer = setInterval(() => {
    onDelay(Math.max(0, delay.max / 1e9 - RESOLUTION_MS / 1000));
    delay.reset();
  }, EVERY_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
    delay.disable();
  };
}
