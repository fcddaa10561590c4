/** A message to any receiver: JSON, signed as of Standard Webhooks (github.com/standard-webhooks/standard-webhooks). */
import { createHmac } from 'node:crypto';
import type { Alert } from './alert.js';

const PREFIX = 'whsec_';

export function plainMessage({ event, title, lines, facts }: Alert, now: Date): object {
  return { type: event, timestamp: now.toISOString(), data: { title, lines, ...facts } };
}

/**
 * `webhook-signature` is `v1,` and the base64 of the HMAC-SHA256 over `<id>.<timestamp>.<body>`. A receiver refuses
 * old timestamps and takes each id once.
 * @param secret - `whsec_` and base64, or any text
 */
export function signature(
  id: string,
  body: string,
  secret: string,
  now: Date,
): Record<string, string> {
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const key = secret.startsWith(PREFIX)
    ? Buffer.from(secret.slice(PREFIX.length), 'base64')
    : Buffer.from(secret);
  const signed = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signed}`,
  };
}
