/** What every activity does beside its step: heartbeat on a timer, stop when cancelled, translate errors. */
import { Context } from '@temporalio/activity';
import { createStepMeter, type Measured } from './step-meter.js';
import { createTeller } from './tell-workflow.js';
import { toApplicationFailure } from './to-application-failure.js';

/** Well below the shortest heartbeat timeout in workflows/activity-options.ts; as often as a person looks. */
const HEARTBEAT_EVERY_MS = 2_000;

export interface StepContext {
  /** Aborts when the import is cancelled or the worker shuts down. */
  readonly signal: AbortSignal;
  readonly workflowId: string;
  readonly runId: string;
  /** The same for every attempt, another one for every call of the workflow. */
  readonly activityId: string;
  /** When the workflow asked for it, the same for every attempt; milliseconds since 1970. */
  readonly scheduledMs: number;
  /** The newest progress goes out with the next heartbeat, and to the workflow when the step lasts. */
  readonly report: (measured: Measured) => void;
  /** Which attempt this is, from 1. */
  readonly attempt: number;
}

/** Makes an activity of a step. */
export function activity<Input, Result>(
  step: (input: Input, context: StepContext) => Promise<Result>,
): (input: Input) => Promise<Result> {
  return async (input) => {
    const context = Context.current();
    const meter = createStepMeter();
    const teller = createTeller(context);
    const timer = setInterval(() => {
      const progress = meter.read();
      context.heartbeat(progress ?? {});
      if (progress) teller.tell(progress);
    }, HEARTBEAT_EVERY_MS);
    const { workflowId, runId } = context.info.workflowExecution ?? { workflowId: '', runId: '' };
    try {
      return await step(input, {
        signal: context.cancellationSignal,
        workflowId,
        runId,
        activityId: context.info.activityId,
        scheduledMs: context.info.scheduledTimestampMs,
        report: (measured) => meter.report(measured),
        attempt: context.info.attempt,
      });
    } catch (error) {
      const cancelled = context.cancellationSignal.aborted;
      throw toApplicationFailure(error, { cancelled, attempt: context.info.attempt });
    } finally {
      clearInterval(timer);
      await teller.settled();
    }
  };
}
