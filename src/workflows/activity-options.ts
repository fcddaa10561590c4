/** Timeouts and retry policies, grouped by what repeating an activity costs; the reason stands beside each. */
import type { ActivityOptions } from '@temporalio/workflow';

/** An import gives up on hosts that vanish with its files after this many. */
export const MAX_HOSTS = 3;

/** Steps on one host: tables converted and stored side by side within one import. */
export const TABLES_IN_PARALLEL = 2;

/** How often a waiting import looks again by itself; the `retryNow` signal does not wait for it. */
export const WAIT_STEP_MS = 15 * 60_000;

/**
 * Always set: the SDK's default is TRY_CANCEL, which reports an activity cancelled while it still
 * writes. Clean-up may only start when the files are at rest.
 */
const cancellationType = 'WAIT_CANCELLATION_COMPLETED';

/** Questions to the source and the catalog: cheap and free of effects, so tried through a short outage. */
export const questions: ActivityOptions = {
  cancellationType,
  startToCloseTimeout: '2 minutes',
  heartbeatTimeout: '30 seconds',
  retry: {
    initialInterval: '1 second',
    backoffCoefficient: 2,
    maximumInterval: '1 minute',
    // About five minutes: longer outages are for the next night's run. 429 brings its own delay.
    maximumAttempts: 10,
  },
};

/** The download: resumes from its partial file, so another attempt costs only what was not yet there. */
export const download: ActivityOptions = {
  cancellationType,
  startToCloseTimeout: '12 hours',
  heartbeatTimeout: '1 minute',
  // Started here, an eager activity would pass by the rate limit of the queue.
  allowEagerDispatch: false,
  retry: {
    initialInterval: '2 seconds',
    backoffCoefficient: 2,
    maximumInterval: '5 minutes',
    // Each attempt keeps its bytes; a source that fails twenty times over an hour will not mend tonight.
    maximumAttempts: 20,
  },
};

/** Work on the files of one host: repeatable from its inputs, which are still on that host's disk. */
export const onHost = (taskQueue: string): ActivityOptions => ({
  cancellationType,
  taskQueue,
  startToCloseTimeout: '6 hours',
  heartbeatTimeout: '1 minute',
  // A host that takes no task for an hour is gone or hopelessly behind: another one starts over.
  scheduleToStartTimeout: '1 hour',
  retry: {
    initialInterval: '1 second',
    backoffCoefficient: 2,
    maximumInterval: '1 minute',
    // Bad data is not retryable; what remains (store away, worker killed) passes or needs a person.
    maximumAttempts: 8,
  },
});

/** After the outcome is known: worth a few tries, never worth holding the import up. */
export const aftermath: ActivityOptions = {
  cancellationType,
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '5 minutes',
  heartbeatTimeout: '30 seconds',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumAttempts: 5 },
};
