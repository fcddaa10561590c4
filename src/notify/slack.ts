/** What a Slack incoming webhook takes. */
import type { Alert } from './alert.js';

/**
 * Plain text: file names and patterns hold `*` and `_`. The escapes hold for all text, marked up or not
 * (docs.slack.dev/messaging/formatting-message-text).
 */
export function slackMessage({ title, lines }: Alert): object {
  return { text: escaped([title, ...lines].join('\n')), mrkdwn: false };
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
