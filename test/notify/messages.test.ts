/** What Slack and Teams get, to the letter; and that nobody is bothered without need. */
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import type { ImportResult, Outcome } from '../../src/contract.js';
import { alertFor, createNotifier } from '../../src/notify/index.js';
import { read, section, shellCommands } from '../helpers/markdown.js';
import { problemsOf } from '../helpers/told.js';
import { webhook } from '../helpers/webhook.js';

function result(outcome: Outcome, failure?: ImportResult['failure']): ImportResult {
  return {
    ...{ dataset: 'iris', outcome, durationMs: 1, warnings: [] },
    ...{ tables: 0, carriedOver: 0, rows: 0, rejects: 0 },
    ...{ sourceBytes: 0, parquetBytes: 0, transferredBytes: 0 },
    ...(failure && { failure }),
  };
}

/** Holds what Slack or Markdown would read as markup. */
const failure = {
  code: 'CONVERSION_FAILED',
  message: '<!channel> [a](http://x.test) *b* & _c_: `d.csv`',
  nextStep: 'Look at # line 3 > column 2.',
};

async function receivers() {
  const [slack, teams] = [await webhook(), await webhook([202])];
  const notifier = createNotifier({
    ...{ slackWebhookUrl: slack.url, teamsWebhookUrl: teams.url, proxies: {} },
  });
  return { slack, teams, notifier };
}

const teamsEnvelope = (body: readonly object[]) => ({
  type: 'message',
  attachments: [
    {
      contentType: 'application/vnd.microsoft.card.adaptive',
      contentUrl: null,
      content: {
        $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
        type: 'AdaptiveCard',
        version: '1.4',
        body,
      },
    },
  ],
});
const paragraph = (text: string, style: object = {}) => ({
  type: 'RichTextBlock',
  inlines: [{ type: 'TextRun', text, ...style }],
});

test('Slack gets plain text with its three characters escaped, Teams an Adaptive Card of plain text', async () => {
  const { slack, teams, notifier } = await receivers();
  expect(await problemsOf(notifier, alertFor(result('failed', failure), 'run-1'))).toBe('');
  expect(slack.messages).toEqual([
    {
      text: [
        'Import of iris failed.',
        'CONVERSION_FAILED: &lt;!channel&gt; [a](http://x.test) *b* &amp; _c_: `d.csv`',
        'Next step: Look at # line 3 &gt; column 2.',
      ].join('\n'),
      mrkdwn: false,
    },
  ]);
  expect(teams.messages).toEqual([
    teamsEnvelope([
      paragraph('Import of iris failed.', { weight: 'Bolder' }),
      paragraph(`CONVERSION_FAILED: ${failure.message}`),
      paragraph(`Next step: ${failure.nextStep}`),
    ]),
  ]);
  for (const { requests } of [slack, teams]) {
    expect(requests).toMatchObject([
      { method: 'POST', headers: { 'content-type': 'application/json' } },
    ]);
  }
  await notifier.close();
});

test('a message that knows no end stays below the 28 KB that Teams takes', async () => {
  const { slack, teams, notifier } = await receivers();
  const message = '\u0001'.repeat(100_000);
  expect(
    await problemsOf(notifier, alertFor(result('failed', { ...failure, message }), 'run-1')),
  ).toBe('');
  for (const { messages } of [slack, teams]) {
    expect(Buffer.byteLength(JSON.stringify(messages[0]))).toBeLessThan(28_000);
    expect(JSON.stringify(messages[0])).toContain('…');
  }
  await notifier.close();
});

const quiet: Outcome[] = ['published', 'up-to-date', 'already-running', 'cancelled'];
test.each(quiet)('nobody is told of an import that ended %s', async (outcome) => {
  const { slack, teams, notifier } = await receivers();
  expect(
    await problemsOf(
      notifier,
      alertFor(result(outcome, outcome === 'cancelled' ? failure : undefined), 'run-1'),
    ),
  ).toBe('');
  expect([...slack.requests, ...teams.requests]).toEqual([]);
  await notifier.close();
});

test('without webhooks nobody is there to be told, and that is no error', async () => {
  const notifier = createNotifier({ proxies: {} });
  expect(await problemsOf(notifier, alertFor(result('failed', failure), 'run-1'))).toBe('');
  await notifier.close();
});

describe('the test messages of docs/operations.md', () => {
  const commands = shellCommands(section(read('docs/operations.md'), '## Watch')).filter((line) =>
    line.startsWith('curl '),
  );
  const run = async (variable: string, url: string): Promise<string> => {
    const [command, ...others] = commands.filter((line) => line.includes(`"$${variable}"`));
    expect(others).toEqual([]);
    const { stdout } = await execa('/bin/sh', ['-c', command!], { env: { [variable]: url } });
    return stdout;
  };

  test('reach Slack as it takes them', async () => {
    const { slack } = await receivers();
    await run('SLACK_WEBHOOK_URL', slack.url);
    expect(slack.messages).toEqual([{ text: 'A test of kaggle-import.' }]);
    expect(slack.requests[0]!.headers['content-type']).toBe('application/json');
  });

  test('reach Teams in the envelope of the real ones, and show the status', async () => {
    const { teams } = await receivers();
    expect(await run('TEAMS_WEBHOOK_URL', teams.url)).toBe('202');
    expect(teams.messages).toEqual([teamsEnvelope([paragraph('A test of kaggle-import.')])]);
    expect(teams.requests[0]!.headers['content-type']).toBe('application/json');
  });
});
