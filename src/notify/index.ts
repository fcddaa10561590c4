/** Tells people: one message to Slack or Teams when an import needs a person. */
import { request } from 'undici';
import type { ImportResult } from '../contract.js';
import { within } from '../within.js';

export interface NotifierOptions {
  readonly slackWebhookUrl?: string | undefined;
  readonly teamsWebhookUrl?: string | undefined;
}

export interface Notifier {
  /** Sends nothing for an outcome that needs nobody. Throws when a webhook refuses or cannot be reached. */
  notify(result: ImportResult, signal: AbortSignal): Promise<void>;
}

const TIMEOUT_MS = 10_000;

export function createNotifier({ slackWebhookUrl, teamsWebhookUrl }: NotifierOptions): Notifier {
  const webhooks = [slackWebhookUrl, teamsWebhookUrl].filter((url) => url !== undefined);
  return {
    async notify(result, signal) {
      if (result.outcome !== 'failed') return;
      const body = JSON.stringify({ text: messageFor(result) });
      await Promise.all(webhooks.map((url) => post(url, body, signal)));
    },
  };
}

/** Slack and Teams both take `{"text": ...}` at an incoming webhook. */
function messageFor({ dataset, failure }: ImportResult): string {
  const lines = [`Import of *${dataset}* failed.`];
  if (failure) lines.push(`${failure.code}: ${failure.message}`, `Next step: ${failure.nextStep}`);
  return lines.join('\n');
}

/** The address of a webhook is its secret: no error may carry it. */
async function post(url: string, body: string, signal: AbortSignal): Promise<void> {
  const { host } = new URL(url);
  const headers = { 'content-type': 'application/json' };
  const statusCode = await within(TIMEOUT_MS, signal, async (patience) => {
    const response = await request(url, { method: 'POST', headers, body, signal: patience });
    await response.body.dump();
    return response.statusCode;
  });
  if (statusCode >= 300) throw new Error(`The webhook at ${host} answered ${statusCode}.`);
}
