/** Messages reach every receiver once, whatever the receivers and the workers go through. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { openCatalog, type Catalog } from '../../src/catalog/index.js';
import { createNotifier, type Alert, type NotifierOptions } from '../../src/notify/index.js';
import { createTelling, type Telling } from '../../src/telling/index.js';
import { eventually } from '../helpers/eventually.js';
import { httpServer } from '../helpers/http-server.js';
import { signal } from '../helpers/kaggle-for-test.js';
import { createTestCatalog, type TestCatalog } from '../helpers/test-database.js';
import { webhook } from '../helpers/webhook.js';

const silentLog = pino({ level: 'silent' });
let database: TestCatalog;
let catalog: Catalog;
let namespaceId: string;

beforeAll(async () => {
  database = await createTestCatalog();
  ({ catalog } = database);
});
afterAll(async () => {
  await database.drop();
});
beforeEach(() => {
  namespaceId = randomUUID();
});

/** Of one worker. */
function tellingBy(options: Partial<NotifierOptions>): Telling {
  const notifier = createNotifier({ proxies: {}, ...options });
  const telling = createTelling({ catalog, notifier, namespaceId, log: silentLog });
  onTestFinished(async () => {
    await telling.close();
    await notifier.close();
  });
  return telling;
}

const news = (id: string, event = 'batch.finished'): { alert: Alert } => ({
  alert: { id: `${id}-${namespaceId}`, event, title: id, lines: [`line of ${id}`], facts: { id } },
});

const titles = (messages: readonly unknown[]): string[] =>
  messages.map((message) => (message as { text: string }).text.split('\n')[0]!);

async function query(text: string): Promise<void> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query(text);
  await client.end();
}

/** What a receiver is left alone for, after it has refused. */
const later = (): Promise<void> =>
  query(`UPDATE message_receivers SET not_before = now() WHERE namespace_id = '${namespaceId}'`);

test('twenty workers tell the same thing, and each receiver hears it once', async () => {
  const [slack, other] = [await webhook(), await webhook()];
  const workers = Array.from({ length: 20 }, () =>
    tellingBy({ slackWebhookUrl: slack.url, webhook: { url: other.url, secret: 's' } }),
  );
  await Promise.all(workers.map((telling) => telling.tell(news('night'), signal)));
  await Promise.all(workers.map((telling) => telling.deliver()));
  await eventually('both', () => slack.messages.length > 0 && other.messages.length > 0);
  await Promise.all(workers.map((telling) => telling.deliver()));
  expect([slack.messages.length, other.messages.length]).toEqual([1, 1]);
});

test('a receiver that is broken for hours has all of it when it is back, in order, and the others once', async () => {
  const [slack, teams] = [await webhook([500, 500, 500, 500, 500, 500, 200]), await webhook([202])];
  const telling = tellingBy({ slackWebhookUrl: slack.url, teamsWebhookUrl: teams.url });
  await telling.tell(news('first'), signal);
  await telling.tell(news('second'), signal);
  expect(teams.messages).toHaveLength(2);
  // Three attempts, and then not before its time.
  expect(slack.messages).toHaveLength(3);
  const [waiting] = (await catalog.messages.undelivered()).filter(({ messages }) => messages === 2);
  expect(waiting).toMatchObject({ receiver: 'SLACK_WEBHOOK_URL', problem: 'HTTP 500' });
  await later();
  await telling.deliver();
  await later();
  await telling.deliver();
  expect(titles(slack.messages.slice(6))).toEqual(['first', 'second']);
  expect(teams.messages).toHaveLength(2);
  expect(await catalog.messages.undelivered()).toEqual([]);
});

test('one that asks for a minute gets it', async () => {
  const server = await httpServer((request, response) => {
    request.resume();
    response.writeHead(429, { 'retry-after': '60' }).end();
  });
  const telling = tellingBy({ slackWebhookUrl: server.url });
  await telling.tell(news('much'), signal);
  await telling.deliver();
  expect(server.requests).toHaveLength(1);
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const { rows } = await client.query(
    `SELECT extract(epoch FROM not_before - now()) > 50 AS waits FROM message_receivers
     WHERE namespace_id = '${namespaceId}'`,
  );
  await client.end();
  expect(rows).toEqual([{ waits: true }]);
});

test('one that is slow is not told twice; one that says nothing is asked again later, not at once', async () => {
  let answers = false;
  let asked = 0;
  const server = await httpServer((request, response) => {
    request.resume();
    asked += 1;
    if (answers) setTimeout(() => response.end('ok'), 700);
  });
  const telling = tellingBy({ slackWebhookUrl: server.url, timeoutMs: 2_000 });
  await telling.tell(news('silence'), signal);
  await telling.deliver();
  expect(asked).toBe(1);
  answers = true;
  await later();
  await telling.deliver();
  await telling.deliver();
  expect(asked).toBe(2);
});

test('a worker that is killed while it tells loses nothing: another one tells it', async () => {
  const slack = await webhook();
  const telling = tellingBy({ slackWebhookUrl: slack.url });
  // As the killed one leaves it: it has begun to send, and will never end.
  await catalog.messages.expect(namespaceId, ['SLACK_WEBHOOK_URL']);
  await catalog.messages.add({ namespaceId, message: news('killed').alert });
  const of = { namespaceId, receiver: 'SLACK_WEBHOOK_URL' };
  expect(await catalog.messages.hold(of)).toBe(0);
  await telling.deliver();
  expect(slack.messages).toEqual([]);
  await query(
    `UPDATE message_receivers SET held_until = now() WHERE namespace_id = '${namespaceId}'`,
  );
  await telling.deliver();
  expect(titles(slack.messages)).toEqual(['killed']);
});

test('a worker that knows no receiver loses nothing for those that know one', async () => {
  await tellingBy({}).tell(news('unheard'), signal);
  const slack = await webhook();
  await tellingBy({ slackWebhookUrl: slack.url }).deliver();
  expect(titles(slack.messages)).toEqual(['unheard']);
});

test('hundreds of imports that fail at once are a handful of messages, and none is left out', async () => {
  const other = await webhook();
  const telling = tellingBy({ webhook: { url: other.url, secret: 's' } });
  const all = Array.from({ length: 300 }, (_none, index) => `i${index}`);
  for (const id of all) {
    await catalog.messages.add({ namespaceId, message: news(id, 'import.failed').alert });
  }
  await telling.tell(news('night'), signal);
  const said = () => other.messages as { type: string; data: { imports?: { id: string }[] } }[];
  await eventually('all', () => said().length >= 2);
  expect(said()).toMatchObject([{ type: 'import.several' }, { type: 'batch.finished' }]);
  expect(said()[0]!.data.imports!.map(({ id }) => id)).toEqual(all);
});

test('without the catalog, people are told past it; and only those again who have not heard', async () => {
  const [slack, teams] = [await webhook(), await webhook([403])];
  const away = openCatalog('postgresql://nobody@127.0.0.1:9/nothing');
  const notifier = createNotifier({
    ...{ proxies: {}, slackWebhookUrl: slack.url, teamsWebhookUrl: teams.url },
  });
  const telling = createTelling({ catalog: away, notifier, namespaceId, log: silentLog });
  await expect(telling.tell(news('lost'), signal)).rejects.toMatchObject({
    code: 'DATABASE_UNREACHABLE',
  });
  const told = await telling.tell({ ...news('lost'), past: true }, signal);
  expect(told).toEqual({ takenBy: ['SLACK_WEBHOOK_URL'] });
  await telling.close();
  await notifier.close();
  await away.close();
  const again = tellingBy({ slackWebhookUrl: slack.url, teamsWebhookUrl: teams.url });
  await again.tell({ ...news('lost'), ...told }, signal);
  await sleep(0);
  expect([slack.messages.length, teams.messages.length]).toEqual([1, 2]);
});

test('a receiver that is new gets what happened within the hour, not what was kept before', async () => {
  const nobody = tellingBy({});
  await nobody.tell(news('yesterday'), signal);
  await query(
    `UPDATE messages SET created_at = now() - interval '2 hours' WHERE namespace_id = '${namespaceId}'`,
  );
  await nobody.tell(news('just now'), signal);
  const slack = await webhook();
  await tellingBy({ slackWebhookUrl: slack.url }).deliver();
  expect(titles(slack.messages)).toEqual(['just now']);
});
