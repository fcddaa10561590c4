/** One message a batch to every receiver: what it says, how it is signed, and that it is not sent twice. */
import { createHmac } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import {
  alertForBatch,
  createNotifier,
  type BatchDigest,
  type NotifierOptions,
} from '../../src/notify/index.js';
import { MAIL_PASSWORD, mailServer } from '../helpers/mail-server.js';
import { problemsOf } from '../helpers/told.js';
import { webhook } from '../helpers/webhook.js';

const night: BatchDigest = {
  ...{ batchId: 'b-1', outcome: 'finished', total: 10_000, failures: [], recovered: 0 },
  ...{ startedAt: '2026-11-26T02:00:00.000Z', endedAt: '2026-11-26T02:40:00.000Z' },
  counts: { 'up-to-date': 9_997, published: 3 },
};

function notifierForTest(options: Partial<NotifierOptions>) {
  const notifier = createNotifier({ proxies: {}, ...options });
  onTestFinished(() => notifier.close());
  return notifier;
}

async function said(digest: Partial<BatchDigest>): Promise<string[]> {
  const slack = await webhook();
  const notifier = notifierForTest({ slackWebhookUrl: slack.url });
  expect(await problemsOf(notifier, alertForBatch({ ...night, ...digest }))).toBe('');
  expect(slack.messages).toHaveLength(1);
  return (slack.messages[0] as { text: string }).text.split('\n');
}

test('a night that went well is two lines', async () => {
  expect(await said({})).toEqual([
    'Batch of 2026-11-26 02:00 UTC finished.',
    '10,000 datasets: 3 published, 9,997 unchanged.',
  ]);
});

test('what failed is named with its code, what waits by its name, the rest is counted', async () => {
  const failures = ['a', 'b'].map((dataset) => ({
    ...{ dataset, errorCode: 'TOO_MANY_REJECTS', errorMessage: `${dataset} has 3` },
  }));
  const lines = await said({
    ...{ counts: { published: 9_000, failed: 940, waiting: 1, 'already-running': 2 }, failures },
    ...{ waiting: [{ dataset: 'late' }], recovered: 7 },
  });
  expect(lines).toEqual([
    'Batch of 2026-11-26 02:00 UTC finished, 940 failed.',
    '10,000 datasets: 9,000 published, 940 failed, 1 waiting, 2 running already, 57 not reached.',
    'Recovered: 7 that had failed before.',
    'a failed: TOO_MANY_REJECTS: a has 3',
    'b failed: TOO_MANY_REJECTS: b has 3',
    '... and 938 more failed',
    'late waiting',
  ]);
});

test('a night that failed as a whole says why, and the next one that it is over', async () => {
  const failure = { code: 'CREDENTIALS_REJECTED', message: 'No.', nextStep: 'Make a new key.' };
  const lines = await said({ outcome: 'failed', failure, total: 0, counts: {} });
  expect(lines).toEqual([
    'Batch of 2026-11-26 02:00 UTC failed as a whole.',
    'CREDENTIALS_REJECTED: No.',
    'Next step: Make a new key.',
  ]);
  const before = { outcome: 'failed', errorCode: 'CREDENTIALS_REJECTED' };
  expect((await said({ before })).slice(0, 3)).toEqual([
    'Batch of 2026-11-26 02:00 UTC finished, after one that had failed.',
    '10,000 datasets: 3 published, 9,997 unchanged.',
    'The batch before had failed as a whole (CREDENTIALS_REJECTED); this one went through.',
  ]);
});

test('a digest of ten thousand failures fits what Slack and Teams take, and says what it leaves out', async () => {
  // What may be named at most, at its longest, in letters that the receivers' own ways make longer.
  const long = (letter: string, length: number) => letter.repeat(length);
  const troubles = Array.from({ length: 10 }, (_none, index) => ({
    ...{ dataset: `${long('d', 62)}${index}`, errorCode: 'TOO_MANY_REJECTS' },
    errorMessage: long('&<\u0001😀', 1_000),
  }));
  const incomplete = Array.from({ length: 10 }, (_none, index) => ({
    ...{ dataset: `${long('p', 62)}${index}`, tables: 2, first: long('表', 3_000) },
    ...{ code: 'CONVERSION_FAILED', count: 500 },
  }));
  const failure = { code: 'X', message: long('&', 5_000), nextStep: long('"', 5_000) };
  const worst = alertForBatch({
    ...{ ...night, failures: troubles, waiting: troubles, incomplete, failure },
    ...{ outcome: 'failed', counts: { failed: 9_000, waiting: 1_000 } },
  });
  const [slack, teams, other] = [await webhook(), await webhook(), await webhook()];
  const urls = { slackWebhookUrl: slack.url, teamsWebhookUrl: teams.url };
  const notifier = notifierForTest({ ...urls, webhook: { url: other.url, secret: 's' } });
  expect(await problemsOf(notifier, worst)).toBe('');
  const { text } = slack.messages[0] as { text: string };
  expect(text.length).toBeLessThanOrEqual(3_000);
  expect(text).toMatch(/^Batch of .* failed as a whole\.\nX: (&amp;)+…\n\.\.\. and \d+ more lines/);
  const card = JSON.stringify(teams.messages[0]);
  expect(Buffer.byteLength(card)).toBeLessThan(28_000);
  expect(card).toMatch(/\.\.\. and \d+ more lines: kaggle-import status/);
  // Machines get all of it.
  expect(other.messages).toMatchObject([{ data: { lines: worst.lines } }]);
});

test.each([
  ['a text', 'correct horse', Buffer.from('correct horse')],
  ['base64', 'whsec_c2VjcmV0', Buffer.from('secret')],
])('a receiver of JSON can tell that it is us, with %s as secret', async (_what, secret, key) => {
  const receiver = await webhook([500, 200]);
  const notifier = notifierForTest({ webhook: { url: receiver.url, secret } });
  expect(await problemsOf(notifier, alertForBatch(night))).toBe('');
  // Tried twice: the same id each time.
  expect(receiver.requests).toHaveLength(2);
  const { headers } = receiver.requests[1]!;
  const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': given } = headers;
  expect(receiver.requests[0]!.headers['webhook-id']).toBe(id);
  const body = JSON.stringify(receiver.messages[1]);
  const expected = createHmac('sha256', key)
    .update(`b-1-1795660800000.${String(at)}.${body}`)
    .digest('base64');
  expect(given).toBe(`v1,${expected}`);
  expect(Math.abs(Number(at) - Date.now() / 1000)).toBeLessThan(600);
  expect(receiver.messages[1]).toMatchObject({
    type: 'batch.finished',
    data: { batchId: 'b-1', total: 10_000, counts: night.counts, failures: [] },
  });
});

test('a mail goes to all of its receivers; one that has to wait goes through later', async () => {
  const server = await mailServer([451]);
  const mail = { url: server.url, from: 'night@example.org', to: 'a@example.org, b@example.org' };
  expect(await problemsOf(notifierForTest({ mail }), alertForBatch(night))).toBe('');
  expect(server.receivers).toEqual([['a@example.org', 'b@example.org']]);
  const [text] = server.mails;
  expect(text).toContain('Subject: Batch of 2026-11-26 02:00 UTC finished.');
  expect(text).toContain('Message-ID: <b-1-1795660800000@kaggle-import>');
  expect(text).toContain('10,000 datasets: 3 published, 9,997 unchanged.');
});

test.each([
  ['a wrong password', (url: string) => url.replace(MAIL_PASSWORD, 'WR0NG'), 'SMTP 535'],
  ['nobody', (url: string) => url.replace(/\d+$/, '9'), 'no connection (ESOCKET)'],
])('%s: the mail is given up, and no word of it tells the password', async (_what, change, why) => {
  const { url } = await mailServer();
  const mail = { url: change(url), from: 'a@example.org', to: 'b@example.org' };
  const found = await problemsOf(notifierForTest({ mail }), alertForBatch(night));
  expect(found).toBe(`SMTP_URL: ${why}`);
});

test('a mail that is refused for good is not tried again', async () => {
  const server = await mailServer([554, 554, 554]);
  const mail = { url: server.url, from: 'a@example.org', to: 'b@example.org' };
  const found = await problemsOf(notifierForTest({ mail }), alertForBatch(night));
  expect(found).toBe('SMTP_URL: SMTP 554');
  expect(server.mails).toEqual([]);
});
