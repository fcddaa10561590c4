/** How far a batch is: counts by outcome, what runs, what waits; the same for the query and the Web UI. */
import { defineQuery, defineSignal, setCurrentDetails, setHandler } from '@temporalio/workflow';
import {
  PROGRESS_QUERY,
  WAITS_SIGNAL,
  type BatchCounts,
  type BatchState,
  type ImportAllProgress,
  type ImportResult,
} from '../contract.js';

/** Those that ended last: what a command shows that looks every second. */
const MAX_RECENT = 20;
/** In the Web UI. */
const MAX_NAMES = 20;

export interface Tally {
  readonly batchId: string;
  total: number;
  readonly counts: BatchCounts;
  /** Of each import that runs, its run. */
  readonly running: ReadonlyMap<string, string>;
  /** True once the import has said that it waits. */
  waits(dataset: string): boolean;
  begun(dataset: string, runId: string): void;
  /** Its place is free again. */
  ended(result: ImportResult): void;
  /** `others` by outcome, of which `results` shows some. */
  endedTogether(counts: BatchCounts, results: readonly ImportResult[]): void;
}

/** Call once per workflow: registers the query and the signal. */
export function createTally(batchId: string, before: BatchState | undefined): Tally {
  const counts: Record<string, number> = { ...before?.counts };
  const running = new Map<string, string>();
  const waiting = new Set<string>();
  const recent: ImportResult[] = [];
  let total = before?.total ?? 0;

  setHandler(defineQuery<ImportAllProgress>(PROGRESS_QUERY), () => ({
    ...{ batchId, total, counts, recent },
    running: [...running.keys()],
  }));
  setHandler(defineSignal<[string]>(WAITS_SIGNAL), (dataset) => void waiting.add(dataset));

  const show = (): void => {
    const sum = Object.entries(counts).map(([outcome, count]) => `${count} ${outcome}`);
    const names = [...running.keys()].slice(0, MAX_NAMES).join(', ');
    const more = running.size > MAX_NAMES ? ` and ${running.size - MAX_NAMES} more` : '';
    setCurrentDetails(`${total} datasets: ${sum.join(', ')}; running: ${names}${more}`);
  };
  const add = (outcome: string, count: number): void => {
    counts[outcome] = (counts[outcome] ?? 0) + count;
  };
  return {
    batchId,
    get total() {
      return total;
    },
    set total(all) {
      total = all;
    },
    counts,
    running,
    waits: (dataset) => waiting.has(dataset),
    begun(dataset, runId) {
      running.set(dataset, runId);
      show();
    },
    ended(result) {
      running.delete(result.dataset);
      add(result.outcome, 1);
      recent.push({ ...result, warnings: [] });
      recent.splice(0, recent.length - MAX_RECENT);
      show();
    },
    endedTogether(others, results) {
      for (const [outcome, count] of Object.entries(others)) add(outcome, count);
      recent.push(...results);
      recent.splice(0, recent.length - MAX_RECENT);
      show();
    },
  };
}
