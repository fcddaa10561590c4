/** Whom the environment names to be told. */
import { ImportError } from '../errors/index.js';
import type { NotifierOptions } from '../notify/index.js';
import type { Environment } from './environment.js';

type Receivers = Pick<NotifierOptions, 'slackWebhookUrl' | 'teamsWebhookUrl' | 'webhook' | 'mail'>;

/** Throws ENVIRONMENT_INVALID naming what a receiver lacks. */
export function receivers(environment: Environment): Receivers {
  const { WEBHOOK_URL, WEBHOOK_SECRET, SMTP_URL, MAIL_FROM, MAIL_TO } = environment;
  return {
    slackWebhookUrl: environment.SLACK_WEBHOOK_URL,
    teamsWebhookUrl: environment.TEAMS_WEBHOOK_URL,
    ...(WEBHOOK_URL !== undefined && {
      webhook: {
        url: WEBHOOK_URL,
        ...needed('WEBHOOK_URL', { WEBHOOK_SECRET }, { secret: WEBHOOK_SECRET }),
      },
    }),
    ...(SMTP_URL !== undefined && {
      mail: {
        url: SMTP_URL,
        ...needed('SMTP_URL', { MAIL_FROM, MAIL_TO }, { from: MAIL_FROM, to: MAIL_TO }),
      },
    }),
  };
}

function needed<Key extends string>(
  by: string,
  variables: Readonly<Record<string, string | undefined>>,
  values: Readonly<Record<Key, string | undefined>>,
): Record<Key, string> {
  const missing = Object.entries(variables).filter(([, value]) => value === undefined);
  if (missing.length === 0) return values as Record<Key, string>;
  const names = missing.map(([name]) => name).join(', ');
  throw new ImportError('ENVIRONMENT_INVALID', { expected: `${names} to be set with ${by}` });
}
