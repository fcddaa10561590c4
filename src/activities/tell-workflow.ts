/** Tells the workflow of a step that lasts how far it is: workflows do not see heartbeats, and each word costs history. */
import type { Context } from '@temporalio/activity';
import { STEP_PROGRESS_SIGNAL, type StepProgress } from '../contract.js';

/**
 * A signal and the workflow task it wakes are four events of the 51,200 that Temporal allows a run (it warns at
 * 10,240): every few seconds while the history is short, more rarely as it grows, not at all when it is long.
 */
const PACE = [
  { belowEvents: 2_000, everyMs: 10_000 },
  { belowEvents: 8_000, everyMs: 60_000 },
] as const;

/** A server that is away must not hold the step up. */
const PATIENCE_MS = 5_000;

export interface Teller {
  /** Called with every heartbeat; sends no more often than the history bears. */
  tell(progress: StepProgress): void;
  /** Resolves when nothing is on its way: what comes after the step's result would be told of a step that is over. */
  settled(): Promise<void>;
}

export function createTeller(context: Context): Teller {
  let nextAtMs = performance.now() + PACE[0].everyMs;
  let onItsWay: Promise<void> | undefined;

  const send = async (progress: StepProgress): Promise<void> => {
    const { workflowExecution: run } = context.info;
    if (!run) return;
    const { client } = context;
    const handle = client.workflow.getHandle(run.workflowId, run.runId);
    await client.withDeadline(Date.now() + PATIENCE_MS, async () => {
      const { historyLength } = await handle.describe();
      const pace = PACE.find(({ belowEvents }) => historyLength < belowEvents);
      nextAtMs = performance.now() + (pace?.everyMs ?? Infinity);
      if (pace) await handle.signal<[StepProgress]>(STEP_PROGRESS_SIGNAL, progress);
    });
  };

  return {
    tell(progress) {
      if (onItsWay || performance.now() < nextAtMs) return;
      // Nobody's import depends on it, and the next word says more.
      onItsWay = send(progress)
        .catch(() => undefined)
        .finally(() => (onItsWay = undefined));
    },
    settled: async () => onItsWay,
  };
}
