/** Tells people: one message an event to each receiver that is configured. */
import type { ImportResult } from '../contract.js';
import { ImportError } from '../errors/index.js';
import { authoritiesOf, createDispatcher, type NetworkOptions } from '../network/dispatcher.js';
import { alertFor, alertForUpkeep, type Alert, type UpkeepTrouble } from './alert.js';
import { alertForBatch, type BatchDigest } from './batch-alert.js';
import { mail, type MailOptions } from './mail.js';
import { post } from './post.js';
import { plainMessage, signature } from './signed.js';
import { slackMessage } from './slack.js';
import { teamsMessage } from './teams.js';

export type { UpkeepTrouble } from './alert.js';

export interface NotifierOptions extends NetworkOptions {
  readonly slackWebhookUrl?: string | undefined;
  readonly teamsWebhookUrl?: string | undefined;
  /** Takes JSON that is signed with its secret. */
  readonly webhook?: { readonly url: string; readonly secret: string } | undefined;
  readonly mail?: MailOptions | undefined;
  /** After which an attempt has failed; ten seconds when absent. */
  readonly timeoutMs?: number | undefined;
}

export interface Notifier {
  /**
   * Sends nothing for an outcome that needs nobody. Throws WEBHOOK_FAILED once every receiver has been tried; that
   * is not to be repeated as a whole, or a receiver that took the message would get it again.
   * @param runId - of the import
   */
  notify(result: ImportResult, runId: string, signal: AbortSignal): Promise<void>;
  /** Of upkeep that has failed, or has found something wrong. Throws WEBHOOK_FAILED as `notify` does. */
  notifyUpkeep(trouble: UpkeepTrouble, runId: string, signal: AbortSignal): Promise<void>;
  /** Of every end of a batch. Throws WEBHOOK_FAILED as `notify` does. */
  notifyBatch(digest: BatchDigest, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

type Send = (alert: Alert, signal: AbortSignal) => Promise<string | undefined>;

const TIMEOUT_MS = 10_000;

/** Connects lazily. Throws ENVIRONMENT_INVALID when the file of authorities cannot be read. */
export function createNotifier(options: NotifierOptions): Notifier {
  const { slackWebhookUrl, teamsWebhookUrl, webhook, timeoutMs = TIMEOUT_MS } = options;
  const limits = { connectMs: timeoutMs, headersMs: timeoutMs, bodyIdleMs: timeoutMs };
  const dispatcher = createDispatcher(options, limits);
  const authorities = authoritiesOf(options);

  const posted =
    (url: string | undefined, write: (alert: Alert) => object, secret?: string): Send =>
    async (alert, signal) => {
      if (url === undefined) return undefined;
      const body = JSON.stringify(write(alert));
      const headers = secret === undefined ? {} : signature(alert.id, body, secret, new Date());
      return post({ url, body, headers, dispatcher, timeoutMs, signal });
    };
  const mailed: Send = async (alert, signal) =>
    options.mail && mail({ ...options.mail, alert, authorities, timeoutMs, signal });

  const receivers: readonly (readonly [string, Send])[] = [
    ['SLACK_WEBHOOK_URL', posted(slackWebhookUrl, slackMessage)],
    ['TEAMS_WEBHOOK_URL', posted(teamsWebhookUrl, teamsMessage)],
    [
      'WEBHOOK_URL',
      posted(webhook?.url, (alert) => plainMessage(alert, new Date()), webhook?.secret),
    ],
    ['SMTP_URL', mailed],
  ];
  const tell = async (alert: Alert, signal: AbortSignal): Promise<void> => {
    const problems = await Promise.all(
      receivers.map(async ([name, send]) => {
        const reason = await send(alert, signal);
        return reason === undefined ? [] : [`${name}: ${reason}`];
      }),
    );
    const found = problems.flat().join('; ');
    if (found !== '') throw new ImportError('WEBHOOK_FAILED', { found });
  };
  return {
    async notify(result, runId, signal) {
      const alert = alertFor(result, runId);
      if (alert) await tell(alert, signal);
    },
    notifyUpkeep: (trouble, runId, signal) => tell(alertForUpkeep(trouble, runId), signal),
    notifyBatch: (digest, signal) => tell(alertForBatch(digest), signal),
    // A webhook that never answers must not hold up a shutdown.
    close: () => dispatcher.destroy(),
  };
}
