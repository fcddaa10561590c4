/** What a Teams "Workflows" webhook takes: an Adaptive Card; `{"text": ...}` went with the Office 365 connectors. */
import type { Alert } from './alert.js';
import { fitted } from './fitted.js';

/** Teams refuses a message above 28 KB; the envelope has its part. */
const MAX_BYTES = 27_000;

/**
 * The envelope of learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using.
 * Version 1.4: Power Automate posts none above it (github.com/microsoft/AdaptiveCards/issues/8965).
 */
export function teamsMessage(alert: Alert): object {
  const size = (text: string) => Buffer.byteLength(JSON.stringify(paragraph(text))) + 1;
  const lines = fitted(alert, MAX_BYTES, size);
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body: [paragraph(alert.title, { weight: 'Bolder' }), ...lines.map((line) => paragraph(line))],
  };
  const contentType = 'application/vnd.microsoft.card.adaptive';
  return { type: 'message', attachments: [{ contentType, contentUrl: null, content }] };
}

/** A TextRun is shown as it is; a TextBlock would be read as Markdown. */
function paragraph(text: string, style: object = {}): object {
  return { type: 'RichTextBlock', inlines: [{ type: 'TextRun', text, ...style }] };
}
