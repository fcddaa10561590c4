/** What every activity does beside its step: heartbeat on a timer, stop when cancelled, translate errors. */
import { Context } from '@temporalio/activity';
import { toApplicationFailure } from './to-application-failure.js';

/** Well below the shortest heartbeat timeout in workflows/activity-options.ts. */
const HEARTBEAT_EVERY_MS = 5_000;

export interface StepContext {
  /** Aborts when the import is cancelled or the worker shuts down. */
  readonly signal: AbortSignal;
  readonly workflowId: string;
  readonly runId: string;
  /** The newest progress goes out with the next heartbeat; it is seen in the Web UI. */
  readonly report: (progress: object) => void;
}

/** Makes an activity of a step. */
export function activity<Input, Result>(
  step: (input: Input, context: StepContext) => Promise<Result>,
): (input: Input) => Promise<Result> {
  return async (input) => {
    const context = Context.current();
    let progress: object = {};
    const timer = setInterval(() => context.heartbeat(progress), HEARTBEAT_EVERY_MS);
    const { workflowId, runId } = context.info.workflowExecution ?? { workflowId: '', runId: '' };
    try {
      return await step(input, {
        signal: context.cancellationSignal,
        workflowId,
        runId,
        report: (newest) => {
          progress = newest;
        },
      });
    } catch (error) {
      const cancelled = context.cancellationSignal.aborted;
      throw toApplicationFailure(error, { cancelled, attempt: context.info.attempt });
    } finally {
      clearInterval(timer);
    }
  };
}
