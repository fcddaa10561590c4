/** Parks an import that time or a person can mend; visible, bounded, and woken by a signal. */
import { condition, defineSignal, patched, setHandler, workflowInfo } from '@temporalio/workflow';
import { RETRY_NOW_SIGNAL } from '../contract.js';
import { WAIT_STEP_MS } from './activity-options.js';
import { failed, isOutage, isServiceOutage, isWorthWaiting, summaryOf } from './failures.js';
import type { ProgressTracker } from './progress.js';

const HOUR_MS = 3_600_000;

/** Of the 51,200 events and the 50 MB after which Temporal ends a run without a word; the end needs some, too. */
const FULL_EVENTS = 40_000;
const FULL_BYTES = 40e6;

export type Patiently = <Result>(
  maxWaitHours: number,
  step: () => Promise<Result>,
) => Promise<Result>;

/**
 * Call once per workflow: registers the signal. The answer runs steps with patience; before the first wait it
 * calls `onWait`.
 * @param sitsOutages - of a batch: nobody looks on, and a service that is away for an hour costs the hour, not the night
 */
export function createPatience(
  progress: ProgressTracker,
  sitsOutages: boolean,
  onWait: () => Promise<void>,
): Patiently {
  let wakeUps = 0;
  let hasWaited = false;
  setHandler(defineSignal(RETRY_NOW_SIGNAL), () => {
    wakeUps += 1;
  });
  return async (maxWaitHours, step) => {
    const deadline = Date.now() + maxWaitHours * HOUR_MS;
    for (;;) {
      const { stage } = progress.current;
      try {
        return await step();
      } catch (error) {
        if (!isWorthWaiting(error) && !(sitsOutages && isSatOut(error))) throw error;
        const summary = summaryOf(error);
        const left = deadline - Date.now();
        const full = left > 0 && isHistoryFull();
        if (left <= 0 || full) {
          const why = full
            ? 'looked for it as often as one run can'
            : `waited ${maxWaitHours} hours`;
          const waited = `${summary.message}; ${why}`;
          throw failed({ ...summary, code: 'WAITED_TOO_LONG', message: waited });
        }
        progress.enter('waiting', { waitingFor: `${summary.message}. ${summary.nextStep}` });
        const before = wakeUps;
        if (!hasWaited) await onWait();
        hasWaited = true;
        await condition(() => wakeUps > before, Math.min(WAIT_STEP_MS, left));
        progress.enter(stage);
      }
    }
  };
}

function isSatOut(error: unknown): boolean {
  if (isOutage(error)) return patched('outages-are-sat-out');
  return isServiceOutage(error) && patched('services-are-sat-out');
}

/** Each look costs events: a wait has to end before the history does. */
function isHistoryFull(): boolean {
  const { historyLength, historySize } = workflowInfo();
  const isFull = historyLength > FULL_EVENTS || historySize > FULL_BYTES;
  return isFull && patched('waits-end-in-time');
}
