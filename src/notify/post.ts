/** One message to one webhook, tried a few times; the address of a webhook is its secret. */
import { setTimeout as sleep } from 'node:timers/promises';
import { request, type Dispatcher } from 'undici';
import { inWords, systemCode } from '../network/trouble.js';
import { within } from '../within.js';

/** With pauses and time limits well below the activity's minute. */
const ATTEMPTS = 3;
const PAUSE_MS = 1000;

export interface Delivery {
  readonly url: string;
  /** JSON. */
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly dispatcher: Dispatcher;
  /** Of one attempt, to the end of the answer. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

interface Trouble {
  /** Tells nothing of the address; nor the answer, which may repeat it. */
  readonly reason: string;
  readonly passes: boolean;
}

/** Gives why the message did not arrive, if it did not. Throws only when `signal` is aborted. */
export async function post(delivery: Delivery): Promise<string | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    const trouble = await tryOnce(delivery);
    if (!trouble?.passes || attempt === ATTEMPTS) return trouble?.reason;
    await sleep(PAUSE_MS, undefined, { signal: delivery.signal });
  }
}

async function tryOnce(delivery: Delivery): Promise<Trouble | undefined> {
  const { url, body, dispatcher, timeoutMs, signal } = delivery;
  const headers = { 'content-type': 'application/json', ...delivery.headers };
  try {
    const status = await within(timeoutMs, signal, async (patience) => {
      const answer = await request(url, {
        ...{ method: 'POST', headers, body, dispatcher },
        signal: patience,
      });
      await answer.body.dump();
      return answer.statusCode;
    });
    if (status >= 200 && status < 300) return undefined;
    return { reason: `HTTP ${status}`, passes: status === 408 || status === 429 || status >= 500 };
  } catch (error) {
    signal.throwIfAborted();
    const late = error instanceof DOMException && error.name === 'TimeoutError';
    const reason = late ? error.message : inWords(systemCode(error) ?? 'no answer');
    return { reason, passes: true };
  }
}
