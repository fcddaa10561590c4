/**
 * For a bundle in which timers and the pauses of retry policies are shorter by `FASTER` times, and heartbeats are
 * missed after so many seconds at most; other limits are as shipped.
 */
import type { Duration } from '@temporalio/common';
import type { WorkflowInterceptorsFactory } from '@temporalio/workflow';

/** Replaced in the bundle's text: a workflow sees no environment. */
const faster = Number('FASTER-TIMES');
const heartbeatMs = 1_000 * Number('HEARTBEAT-SECONDS');

export const interceptors: WorkflowInterceptorsFactory = () => ({
  outbound: [
    {
      startTimer: (input, next) =>
        next({ ...input, durationMs: Math.ceil(input.durationMs / faster) }),
      scheduleActivity: (input, next) => {
        const { retry, heartbeatTimeout } = input.options;
        if (!retry || heartbeatTimeout === undefined) return next(input);
        const { initialInterval, maximumInterval, ...rest } = retry;
        const missedAfter = Math.min(heartbeatMs, millisecondsOf(heartbeatTimeout));
        const shorter = (time: Duration): number => Math.ceil(millisecondsOf(time) / faster);
        const pauses = {
          ...(initialInterval !== undefined && { initialInterval: shorter(initialInterval) }),
          ...(maximumInterval !== undefined && { maximumInterval: shorter(maximumInterval) }),
        };
        const changed = { heartbeatTimeout: missedAfter, retry: { ...rest, ...pauses } };
        return next({ ...input, options: { ...input.options, ...changed } });
      },
    },
  ],
});

/** As the policies here say it: `1 second`, `5 minutes`. */
function millisecondsOf(time: Duration): number {
  const [, count, unit] = /^(\d+) (second|minute)s?$/.exec(String(time)) ?? [];
  if (count === undefined) throw new Error(`A pause that is not understood: ${time}`);
  return Number(count) * (unit === 'minute' ? 60_000 : 1_000);
}
