/** A failed import is told to the webhooks; one that refuses changes nothing but log and status, and no address gets out. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WorkflowFailedError } from '@temporalio/client';
import type { ApplicationFailure } from '@temporalio/common';
import { expect, test } from 'vitest';
import { commandRunner } from '../helpers/command.js';
import { eventually } from '../helpers/eventually.js';
import { ImportSite } from '../helpers/import-site.js';
import { webhook, WEBHOOK_SECRET } from '../helpers/webhook.js';

test('Slack is told, Teams refuses: the import fails for its own reason, and the log says both', async () => {
  const [slack, teams] = [await webhook(), await webhook([403])];
  const site = await ImportSite.open({
    datasets: {
      good: { 'good.csv': 'a,b\n1,2\n' },
      broken: { 'broken.csv': 'a,b\n1,2\n3,4,5\n' },
    },
  });
  try {
    const worker = await site.startWorker('one', {
      SLACK_WEBHOOK_URL: slack.url,
      TEAMS_WEBHOOK_URL: teams.url,
    });
    await (await site.start('good')).result();
    expect([...slack.messages, ...teams.messages]).toEqual([]);

    const handle = await site.start('broken');
    const failure: unknown = await handle.result().catch((error: unknown) => error);
    const cause = (failure as WorkflowFailedError).cause as ApplicationFailure;
    expect(cause).toMatchObject({ type: 'TOO_MANY_REJECTS' });
    const [row] = await site.query(
      `SELECT outcome, error_code FROM imports WHERE dataset_name = 'broken'`,
    );
    expect(row).toEqual({ outcome: 'failed', error_code: cause.type });
    expect(site.workFiles()).toEqual([]);

    expect(slack.messages).toEqual([
      {
        text: expect.stringMatching(
          `^Import of broken failed\\.\n${cause.type}: .*\nNext step: `,
        ) as string,
        mrkdwn: false,
      },
    ]);
    expect(teams.messages).toHaveLength(1);
    const log = () => readFileSync(join(site.folder, 'one', 'worker.log'), 'utf8');
    await eventually('the word in the log', () => log().includes('TEAMS_WEBHOOK_URL: HTTP 403'));
    const { stdout: status } = await commandRunner(site.environment('command')).run(['status']);
    expect(status).toMatch(/TEAMS_WEBHOOK_URL has not taken 1 message in .* HTTP 403/);
    const history = JSON.stringify(await handle.fetchHistory(), (key, value: unknown) =>
      key === 'data' ? Buffer.from(value as string, 'base64').toString() : value,
    );
    expect(history).toContain('"dataset":"broken"'.replaceAll('"', '\\"'));
    for (const place of [log(), worker.output(), history, status]) {
      expect(place).not.toContain(WEBHOOK_SECRET);
    }
  } finally {
    await site.close();
  }
});
