/** One message to one webhook, tried a few times; the address of a webhook is its secret. */
import { setTimeout as sleep } from 'node:timers/promises';
import { request, type Dispatcher } from 'undici';
import { parseRetryAfter } from '../network/retry-after.js';
import { inWords, systemCode } from '../network/trouble.js';
import { within } from '../within.js';
import { pauseAfter, type Trouble } from './trouble.js';

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

/** No connection, or a certificate that is refused: nothing has been said yet. */
const NOT_SENT =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|E(HOST|NET)UNREACH|UND_ERR_CONNECT_TIMEOUT|.*CERT.*)$/;

/** Gives why the message did not arrive, if it did not. Throws only when `signal` is aborted. */
export async function post(delivery: Delivery): Promise<Trouble | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    const trouble = await tryOnce(delivery);
    const pauseMs = trouble && pauseAfter(trouble, attempt);
    if (pauseMs === undefined) return trouble;
    await sleep(pauseMs, undefined, { signal: delivery.signal });
  }
}

async function tryOnce(delivery: Delivery): Promise<Trouble | undefined> {
  const { url, body, dispatcher, timeoutMs, signal } = delivery;
  const headers = { 'content-type': 'application/json', ...delivery.headers };
  try {
    const { status, retryAfter } = await within(timeoutMs, signal, async (patience) => {
      const answer = await request(url, {
        ...{ method: 'POST', headers, body, dispatcher },
        signal: patience,
      });
      await answer.body.dump();
      return { status: answer.statusCode, retryAfter: answer.headers['retry-after'] };
    });
    if (status >= 200 && status < 300) return undefined;
    const passes = status === 408 || status === 429 || status >= 500;
    const retryAfterMs = typeof retryAfter === 'string' ? parseRetryAfter(retryAfter) : undefined;
    return {
      ...{ reason: `HTTP ${status}`, kind: passes ? 'passes' : 'refused' },
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    };
  } catch (error) {
    signal.throwIfAborted();
    const late = error instanceof DOMException && error.name === 'TimeoutError';
    const code = systemCode(error) ?? 'no answer';
    const reason = late ? error.message : inWords(code);
    return { reason, kind: !late && NOT_SENT.test(code) ? 'passes' : 'unanswered' };
  }
}
