/** Webhooks that refuse, stay silent or are not there; the way to them; and that their address stays secret. */
import { expect, onTestFinished, test } from 'vitest';
import type { ImportResult } from '../../src/contract.js';
import { alertFor, createNotifier, type NotifierOptions } from '../../src/notify/index.js';
import { proxyTo } from '../helpers/forwarding-proxy.js';
import { ownCertificate } from '../helpers/own-certificate.js';
import { startSilentServer } from '../helpers/silent-server.js';
import { problemsOf } from '../helpers/told.js';
import { webhook, WEBHOOK_SECRET } from '../helpers/webhook.js';

const failed: ImportResult = {
  ...{ dataset: 'iris', outcome: 'failed', durationMs: 1, warnings: [] },
  ...{ tables: 0, carriedOver: 0, rows: 0, rejects: 0 },
  ...{ sourceBytes: 0, parquetBytes: 0, transferredBytes: 0 },
  failure: { code: 'DISK_FULL', message: 'The disk is full', nextStep: 'Free space.' },
};

const alert = alertFor(failed, 'run-1')!;

function notifierForTest(options: Partial<NotifierOptions>) {
  const notifier = createNotifier({ proxies: {}, ...options });
  onTestFinished(() => notifier.close());
  return notifier;
}

/** What is found of webhooks that do not take the message; fails when it tells an address. */
async function problemOf(options: Partial<NotifierOptions>): Promise<string> {
  const found = await problemsOf(notifierForTest(options), alert);
  expect(found).not.toContain(WEBHOOK_SECRET);
  return found;
}

test('403 is a refusal, said at once', async () => {
  const slack = await webhook([403]);
  expect(await problemOf({ slackWebhookUrl: slack.url })).toBe('SLACK_WEBHOOK_URL: HTTP 403');
  expect(slack.messages).toHaveLength(1);
});

test('a redirect is no delivery', async () => {
  const teams = await webhook([302]);
  expect(await problemOf({ teamsWebhookUrl: teams.url })).toBe('TEAMS_WEBHOOK_URL: HTTP 302');
});

test('500 is tried three times; what was taken is not sent again', async () => {
  const [slack, teams] = [await webhook(), await webhook([500])];
  const found = await problemOf({ slackWebhookUrl: slack.url, teamsWebhookUrl: teams.url });
  expect(found).toBe('TEAMS_WEBHOOK_URL: HTTP 500');
  expect([slack.messages.length, teams.messages.length]).toEqual([1, 3]);
});

test.each([429, 503])('%i that passes is no failure', async (status) => {
  const slack = await webhook([status, 200]);
  expect(await problemsOf(notifierForTest({ slackWebhookUrl: slack.url }), alert)).toBe('');
  expect(slack.messages).toHaveLength(2);
});

test('both are tried, and both are named', async () => {
  const [slack, teams] = [await webhook([404]), await webhook([401])];
  expect(await problemOf({ slackWebhookUrl: slack.url, teamsWebhookUrl: teams.url })).toBe(
    'SLACK_WEBHOOK_URL: HTTP 404; TEAMS_WEBHOOK_URL: HTTP 401',
  );
});

test('silence is given up after the limit', async () => {
  const server = await startSilentServer();
  onTestFinished(() => server.close());
  const slackWebhookUrl = `http://${server.address}/${WEBHOOK_SECRET}`;
  expect(await problemOf({ slackWebhookUrl, timeoutMs: 100 })).toBe(
    'SLACK_WEBHOOK_URL: no answer in 100 ms',
  );
});

test('a cancellation ends the wait, and is no failure of the webhook', async () => {
  const server = await startSilentServer();
  onTestFinished(() => server.close());
  const notifier = notifierForTest({ slackWebhookUrl: `http://${server.address}/` });
  const stop = new AbortController();
  const asked = server.asked();
  const work = problemsOf(notifier, alert, stop.signal);
  await asked;
  const reason = new Error('cancelled');
  stop.abort(reason);
  await expect(work).rejects.toBe(reason);
});

test('nobody listening, and a name that does not exist', async () => {
  expect(
    await problemOf({
      slackWebhookUrl: `http://127.0.0.1:9/${WEBHOOK_SECRET}`,
      teamsWebhookUrl: `http://webhook.invalid/${WEBHOOK_SECRET}`,
    }),
  ).toMatch(/^SLACK_WEBHOOK_URL: nobody listening .*; TEAMS_WEBHOOK_URL: a .*name.* \(E\w+\)$/);
});

test('the proxy is used, except for the hosts of NO_PROXY', async () => {
  const slack = await webhook();
  const proxy = await proxyTo(slack.port);
  const slackWebhookUrl = `http://hooks.example.org/${WEBHOOK_SECRET}`;
  const proxies = { httpProxy: proxy.url };
  expect(await problemsOf(notifierForTest({ slackWebhookUrl, proxies }), alert)).toBe('');
  expect(proxy.asked).toEqual(['hooks.example.org:80']);
  expect(slack.messages).toHaveLength(1);
  const exempt = { ...proxies, noProxy: '127.0.0.1' };
  expect(
    await problemsOf(notifierForTest({ slackWebhookUrl: slack.url, proxies: exempt }), alert),
  ).toBe('');
  expect(proxy.asked).toHaveLength(1);
  expect(slack.messages).toHaveLength(2);
});

test('HTTPS goes through the tunnel of a proxy, to a certificate from the file of authorities', async () => {
  const { tls, caFile } = await ownCertificate();
  const teams = await webhook([202], tls);
  const proxy = await proxyTo(teams.port);
  const options = { teamsWebhookUrl: teams.url, proxies: { httpsProxy: proxy.url } };
  expect(await problemOf(options)).toMatch(/^TEAMS_WEBHOOK_URL: DEPTH_ZERO_SELF_SIGNED_CERT$/);
  expect(await problemsOf(notifierForTest({ ...options, caFile }), alert)).toBe('');
  expect(teams.messages).toHaveLength(1);
  expect(new Set(proxy.asked)).toEqual(new Set([`127.0.0.1:${teams.port}`]));
});
