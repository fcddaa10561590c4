/** One message by e-mail, tried a few times; the address of the server holds its password. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createTransport } from 'nodemailer';
import { systemCode } from '../network/trouble.js';
import { within } from '../within.js';
import type { Alert } from './alert.js';
import { pauseAfter, type Trouble } from './trouble.js';

export interface MailOptions {
  /** `smtps://user:password@host:465`, or `smtp://host:587`, which takes TLS where the server offers it. */
  readonly url: string;
  readonly from: string;
  readonly to: string;
}

export interface Mail extends MailOptions {
  readonly alert: Alert;
  /** To trust beside the built-in authorities. */
  readonly authorities?: readonly string[] | undefined;
  /** Of one attempt. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Of nodemailer's codes, which hide those of Node. */
const WORDS: Readonly<Record<string, string>> = {
  ESOCKET: 'no connection (ESOCKET)',
  ECONNECTION: 'no connection (ECONNECTION)',
  EDNS: 'a host name that does not exist (EDNS)',
  ETIMEDOUT: 'no answer in time',
  EAUTH: 'credentials that the server does not take (EAUTH)',
};

/** Gives why the message did not arrive, if it did not. Throws only when `signal` is aborted. */
export async function mail(message: Mail): Promise<Trouble | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    const trouble = await tryOnce(message);
    const pauseMs = trouble && pauseAfter(trouble, attempt);
    if (pauseMs === undefined) return trouble;
    await sleep(pauseMs, undefined, { signal: message.signal });
  }
}

async function tryOnce(message: Mail): Promise<Trouble | undefined> {
  const { url, from, to, alert, authorities, timeoutMs, signal } = message;
  const timeouts = { connectionTimeout: timeoutMs, greetingTimeout: timeoutMs };
  const transport = createTransport({
    ...{ url, ...timeouts, socketTimeout: timeoutMs },
    ...(authorities && { tls: { ca: [...authorities] } }),
  });
  try {
    await within(timeoutMs, signal, async (patience) => {
      const given = new Promise<never>((_resolve, reject) => {
        patience.addEventListener('abort', () => reject(patience.reason as Error), { once: true });
      });
      const sent = transport.sendMail({
        ...{ from, to, subject: alert.title },
        text: [...alert.lines, ''].join('\n'),
        // The same for each attempt: whoever gets it twice sees it once.
        messageId: `<${alert.id}@kaggle-import>`,
      });
      await Promise.race([sent, given]);
    });
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    // Answers of a server may repeat addresses and more.
    const { responseCode } = error as { responseCode?: number };
    if (responseCode !== undefined) {
      return { reason: `SMTP ${responseCode}`, kind: responseCode < 500 ? 'passes' : 'refused' };
    }
    const late = error instanceof DOMException && error.name === 'TimeoutError';
    const code = systemCode(error) ?? 'no answer';
    const isSilent = late || code === 'ETIMEDOUT';
    const kind = isSilent ? 'unanswered' : code === 'EAUTH' ? 'refused' : 'passes';
    return { reason: late ? error.message : (WORDS[code] ?? code), kind };
  } finally {
    transport.close();
  }
}
