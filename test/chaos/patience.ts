/** Asks again for as long as a server is away: in a campaign every one of them is, now and then. */
import {
  WorkflowExecutionAlreadyStartedError,
  WorkflowFailedError,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { setTimeout as sleep } from 'node:timers/promises';

const PAUSE_MS = 300;

const ANSWERS = [
  WorkflowExecutionAlreadyStartedError,
  WorkflowFailedError,
  WorkflowNotFoundError,
] as const;

/** What the server says of a workflow is an answer, whatever it is; all else is asked again. */
export async function patiently<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (ANSWERS.some((kind) => error instanceof kind)) throw error;
      await sleep(PAUSE_MS);
    }
  }
}

/** Resolves early when the signal aborts. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
