/** Tells people: one message to Slack and Teams when an import needs a person. */
import type { ImportResult } from '../contract.js';
import { ImportError } from '../errors/index.js';
import { createDispatcher, type NetworkOptions } from '../network/dispatcher.js';
import { alertFor } from './alert.js';
import { post } from './post.js';
import { slackMessage } from './slack.js';
import { teamsMessage } from './teams.js';

export interface NotifierOptions extends NetworkOptions {
  readonly slackWebhookUrl?: string | undefined;
  readonly teamsWebhookUrl?: string | undefined;
  /** After which an attempt has failed; ten seconds when absent. */
  readonly timeoutMs?: number | undefined;
}

export interface Notifier {
  /**
   * Sends nothing for an outcome that needs nobody. Throws WEBHOOK_FAILED once every webhook has been tried;
   * that is not to be repeated as a whole, or a webhook that took the message would get it again.
   */
  notify(result: ImportResult, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

const TIMEOUT_MS = 10_000;

/** Connects lazily. Throws ENVIRONMENT_INVALID when the file of authorities cannot be read. */
export function createNotifier(options: NotifierOptions): Notifier {
  const { slackWebhookUrl, teamsWebhookUrl, timeoutMs = TIMEOUT_MS } = options;
  const limits = { connectMs: timeoutMs, headersMs: timeoutMs, bodyIdleMs: timeoutMs };
  const dispatcher = createDispatcher(options, limits);
  const webhooks = [
    { name: 'SLACK_WEBHOOK_URL', url: slackWebhookUrl, write: slackMessage },
    { name: 'TEAMS_WEBHOOK_URL', url: teamsWebhookUrl, write: teamsMessage },
  ];
  return {
    async notify(result, signal) {
      const alert = alertFor(result);
      if (!alert) return;
      const problems = await Promise.all(
        webhooks.map(async ({ name, url, write }) => {
          if (url === undefined) return [];
          const message = write(alert);
          const reason = await post({ url, message, dispatcher, timeoutMs, signal });
          return reason === undefined ? [] : [`${name}: ${reason}`];
        }),
      );
      const found = problems.flat().join('; ');
      if (found !== '') throw new ImportError('WEBHOOK_FAILED', { found });
    },
    // A webhook that never answers must not hold up a shutdown.
    close: () => dispatcher.destroy(),
  };
}
