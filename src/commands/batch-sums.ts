/** The counts of a batch as people are told them. */
import type { ImportAllProgress } from '../contract.js';

export interface BatchSums {
  /** Ended one way or another, or left to itself. */
  readonly done: number;
  readonly failed: number;
  readonly waiting: number;
  readonly toCome: number;
}

export function batchSums({
  total,
  counts,
  running,
}: Pick<ImportAllProgress, 'total' | 'counts' | 'running'>): BatchSums {
  const done = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const { failed = 0, waiting = 0 } = counts;
  return { done, failed, waiting, toCome: Math.max(0, total - done - running.length) };
}
