/** Takes messages to people: to Slack, Teams, any webhook and mail, as far as they are configured. */
import { authoritiesOf, createDispatcher, type NetworkOptions } from '../network/dispatcher.js';
import type { Alert } from './alert.js';
import { mail, type MailOptions } from './mail.js';
import { post } from './post.js';
import { plainMessage, signature } from './signed.js';
import { slackMessage } from './slack.js';
import { teamsMessage } from './teams.js';
import type { Trouble } from './trouble.js';

export { alertFor, alertForUpkeep, type Alert, type UpkeepTrouble } from './alert.js';
export { alertForBatch, type BatchDigest } from './batch-alert.js';
export {
  alertForBrokenConfig,
  alertForConfigAtStart,
  alertForDifferentConfigs,
  alertForMendedConfig,
} from './config-alert.js';
export { together } from './together.js';
export type { Trouble } from './trouble.js';

export interface NotifierOptions extends NetworkOptions {
  readonly slackWebhookUrl?: string | undefined;
  readonly teamsWebhookUrl?: string | undefined;
  /** Takes JSON that is signed with its secret. */
  readonly webhook?: { readonly url: string; readonly secret: string } | undefined;
  readonly mail?: MailOptions | undefined;
  /** After which an attempt has failed; half a minute when absent. */
  readonly timeoutMs?: number | undefined;
}

export interface Notifier {
  /** Those that are configured, by the variables that name them. */
  readonly receivers: readonly string[];
  /** Gives why the receiver has not taken the message, if it has not. Throws only when `signal` is aborted. */
  send(receiver: string, alert: Alert, signal: AbortSignal): Promise<Trouble | undefined>;
  close(): Promise<void>;
}

type Send = (alert: Alert, signal: AbortSignal) => Promise<Trouble | undefined>;

/** Who is slow has taken the message, and would get it again. */
const TIMEOUT_MS = 30_000;

/** Connects lazily. Throws ENVIRONMENT_INVALID when the file of authorities cannot be read. */
export function createNotifier(options: NotifierOptions): Notifier {
  const { slackWebhookUrl, teamsWebhookUrl, webhook, timeoutMs = TIMEOUT_MS } = options;
  const limits = { connectMs: timeoutMs, headersMs: timeoutMs, bodyIdleMs: timeoutMs };
  const dispatcher = createDispatcher(options, limits);
  const authorities = authoritiesOf(options);

  const posted =
    (url: string, write: (alert: Alert) => object, secret?: string): Send =>
    (alert, signal) => {
      const body = JSON.stringify(write(alert));
      const headers = secret === undefined ? {} : signature(alert.id, body, secret, new Date());
      return post({ url, body, headers, dispatcher, timeoutMs, signal });
    };
  const plain = (alert: Alert) => plainMessage(alert, new Date());

  const senders = new Map<string, Send>();
  if (slackWebhookUrl !== undefined) {
    senders.set('SLACK_WEBHOOK_URL', posted(slackWebhookUrl, slackMessage));
  }
  if (teamsWebhookUrl !== undefined) {
    senders.set('TEAMS_WEBHOOK_URL', posted(teamsWebhookUrl, teamsMessage));
  }
  if (webhook) senders.set('WEBHOOK_URL', posted(webhook.url, plain, webhook.secret));
  if (options.mail) {
    const account = options.mail;
    senders.set('SMTP_URL', (alert, signal) =>
      mail({ ...account, alert, authorities, timeoutMs, signal }),
    );
  }
  return {
    receivers: [...senders.keys()],
    async send(receiver, alert, signal) {
      return senders.get(receiver)?.(alert, signal);
    },
    // A webhook that never answers must not hold up a shutdown.
    close: () => dispatcher.destroy(),
  };
}
