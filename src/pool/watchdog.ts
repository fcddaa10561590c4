/**
 * A thread within a process of the pool: it ends the process when the worker is gone, or when it has taken more
 * memory than it may. It looks also while the process is busy, when nothing else of it would be heard.
 */
import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import { OVER_LIMIT } from './over-limit.js';

export interface Watched {
  /** Of the worker. */
  readonly parent: number;
  readonly residentBytes: number;
}

const LOOK_EVERY_MS = 100;
const { parent, residentBytes } = workerData as Watched;

setInterval(() => {
  // Of a worker that was killed the child is inherited by another process.
  if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
  if (process.memoryUsage.rss() <= residentBytes) return;
  writeSync(2, `${OVER_LIMIT}\n`);
  process.kill(process.pid, 'SIGKILL');
}, LOOK_EVERY_MS);
