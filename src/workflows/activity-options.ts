/** Timeouts and retry policies, grouped by what repeating an activity costs; the reason stands beside each. */
import type { ActivityOptions } from '@temporalio/workflow';
import { TASK_QUEUES } from '../contract.js';

/** An import gives up on hosts that vanish with its files after this many. */
export const MAX_HOSTS = 3;

/** A source that is written to all the time is given up after so many versions. */
export const MAX_PINS = 3;

/** How often a waiting import looks again by itself; the `retryNow` signal does not wait for it. */
export const WAIT_STEP_MS = 15 * 60_000;

const MINUTE_MS = 60_000;

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

/** Those that cost the source a request share the budget of the downloads. */
export const sourceQuestions: ActivityOptions = {
  ...questions,
  taskQueue: TASK_QUEUES.download,
  // Started here, an eager activity would pass by the rate limit of the queue.
  allowEagerDispatch: false,
};

/** In a batch nobody looks on: an outage of an hour costs the hour, not the night. Half an hour more is to spare. */
const THROUGH_AN_HOUR = {
  initialInterval: '1 second',
  backoffCoefficient: 2,
  maximumInterval: '1 minute',
  maximumAttempts: 95,
} as const;

/** What a batch, and each import of it, asks and records of itself. */
export const patientQuestions: ActivityOptions = { ...questions, retry: THROUGH_AN_HOUR };

/** Many questions in one: paced by the worker that asks. */
export const looking: ActivityOptions = {
  ...sourceQuestions,
  startToCloseTimeout: '1 hour',
  retry: THROUGH_AN_HOUR,
};

/** Asks until it has ended, however long that takes; between two attempts it costs nothing. */
export const untilItEnds: ActivityOptions = {
  cancellationType,
  startToCloseTimeout: '60 days',
  heartbeatTimeout: '30 seconds',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
};

/** Small writes that are the same however often they are made: as patient as questions. */
export const records: ActivityOptions = questions;

/** Upkeep of the whole store: any host can do it, and again, as often as it takes; nobody waits for it. */
export const tending: ActivityOptions = {
  cancellationType,
  startToCloseTimeout: '12 hours',
  heartbeatTimeout: '1 minute',
  retry: {
    initialInterval: '1 second',
    backoffCoefficient: 2,
    maximumInterval: '1 minute',
    maximumAttempts: 35,
  },
};

/** The download: resumes from its partial file, so another attempt costs only what was not yet there. */
export const download: ActivityOptions = {
  cancellationType,
  taskQueue: TASK_QUEUES.download,
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
export const onHost = (taskQueue: string, hostLostAfterMinutes: number): ActivityOptions => ({
  cancellationType,
  taskQueue,
  startToCloseTimeout: '6 hours',
  // Beats come every five seconds; a machine that swaps may miss many of them and still be at work.
  heartbeatTimeout: '1 minute',
  // Then the host is asked whether it is alive: one that is only busy keeps the task.
  scheduleToStartTimeout: hostLostAfterMinutes * MINUTE_MS,
  retry: {
    initialInterval: '1 second',
    backoffCoefficient: 2,
    maximumInterval: '1 minute',
    // Bad data is not retryable; what remains (memory, a killed worker) passes or needs a person.
    maximumAttempts: 8,
  },
});

/** Storing and publishing: hours of conversion are behind it, so an outage is sat out for half an hour. */
export const storing = (taskQueue: string, hostLostAfterMinutes: number): ActivityOptions => ({
  ...onHost(taskQueue, hostLostAfterMinutes),
  retry: {
    initialInterval: '1 second',
    backoffCoefficient: 2,
    maximumInterval: '1 minute',
    maximumAttempts: 35,
  },
});

/** Several steps in one task, tried once: what fails there is tried step by step, each as patiently as it deserves. */
const ONCE = { maximumAttempts: 1 } as const;
export const shortBeginning: ActivityOptions = { ...download, retry: ONCE };

/** Of small datasets: on the queue that is not held up by conversions of large ones. */
export const shortWork = (hostQueue: string, hostLostAfterMinutes: number): ActivityOptions => ({
  ...onHost(TASK_QUEUES.upkeep(hostQueue), Math.min(1, hostLostAfterMinutes)),
  startToCloseTimeout: '1 hour',
  retry: ONCE,
});

/** On a queue that a living host never leaves waiting: no answer in a minute means that it is gone. */
export const upkeep = (hostQueue: string, hostLostAfterMinutes: number): ActivityOptions => ({
  ...aftermath,
  taskQueue: TASK_QUEUES.upkeep(hostQueue),
  scheduleToStartTimeout: Math.min(MINUTE_MS, hostLostAfterMinutes * MINUTE_MS),
});

/** After the outcome is known: worth a few tries, never worth holding the import up. */
export const aftermath: ActivityOptions = {
  cancellationType,
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '5 minutes',
  heartbeatTimeout: '30 seconds',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumAttempts: 5 },
};
