/** What a Slack incoming webhook takes. */
import type { Alert } from './alert.js';
import { fitted } from './fitted.js';

/**
 * Slack advises 4,000 characters of text, shows less of a block (3,000) and cuts what is above 40,000
 * (docs.slack.dev/changelog/2018-04-truncating-really-long-messages).
 */
const MAX_CHARACTERS = 3000;

/**
 * Plain text: file names and patterns hold `*` and `_`. The escapes hold for all text, marked up or not
 * (docs.slack.dev/messaging/formatting-message-text).
 */
export function slackMessage(alert: Alert): object {
  const lines = fitted(alert, MAX_CHARACTERS, (text) => escaped(text).length + 1);
  return { text: escaped([alert.title, ...lines].join('\n')), mrkdwn: false };
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
