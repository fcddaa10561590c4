/** A configuration that stays broken, and workers that go by different ones, are told once each. */
import { createHash, randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { migrate, openCatalog } from '../../src/catalog/index.js';
import type { ConfigState } from '../../src/config/last-good.js';
import type { DatasetsConfig } from '../../src/config/datasets.js';
import { createNotifier } from '../../src/notify/index.js';
import { announceConfigRegularly } from '../../src/telling/config.js';
import { createTelling } from '../../src/telling/index.js';
import { eventually } from '../helpers/eventually.js';
import { createTestDatabase } from '../helpers/test-database.js';
import { webhook } from '../helpers/webhook.js';

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

test('two workers: broken, mended, and then different from each other', async () => {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  await migrate(database.url);
  const slack = await webhook();
  const namespaceId = randomUUID();
  const worker = (name: string) => {
    let state: ConfigState = { digest: digestOf('good') };
    const catalog = openCatalog(database.url);
    const notifier = createNotifier({ proxies: {}, slackWebhookUrl: slack.url });
    const log = pino({ level: 'silent' });
    const telling = createTelling({ catalog, notifier, namespaceId, log });
    const resources = {
      catalog,
      loadConfig: () => Promise.resolve({ digest: state.digest } as DatasetsConfig),
      configState: () => state,
    };
    const stop = announceConfigRegularly({ ...resources, metrics: undefined }, telling, name, log, {
      // Longer than a worker of a loaded machine takes to announce what the other has announced.
      ...{ everyMs: 50, passesWithinMs: 3_000 },
    });
    onTestFinished(async () => {
      await stop();
      await telling.close();
      await notifier.close();
      await catalog.close();
    });
    return (next: ConfigState) => void (state = next);
  };
  const workers = [worker('one'), worker('two')];
  const watcher = openCatalog(database.url);
  onTestFinished(() => watcher.close());
  const titles = () =>
    slack.messages.map((message) => (message as { text: string }).text.split('\n')[0]);
  const said = (what: RegExp) =>
    eventually(String(what), () => titles().some((title) => what.test(title!)));

  const problem = 'CONFIG_INVALID: one problem\n  a.yaml:1:1: unknown key "x"';
  workers.forEach((set) => set({ digest: digestOf('good'), problem }));
  await said(/is broken/);
  expect(slack.messages[0]).toMatchObject({ text: expect.stringContaining('a.yaml:1:1: unknown') });
  workers.forEach((set) => set({ digest: digestOf('better') }));
  await said(/is good again/);
  // Whoever has not noticed yet would tell the mending of another one.
  const present = async () => (await watcher.workers.present()).map((one) => one.configDigest);
  await eventually('both', async () =>
    (await present()).every((one) => one === digestOf('better')),
  );
  workers[0]!({ digest: digestOf('other') });
  await said(/different configuration files/);
  // Another difference is news; what was said before is not said again meanwhile.
  workers[0]!({ digest: digestOf('another') });
  await eventually('the next difference', () => titles().length > 3);
  expect(titles().map((title) => title!.split(' ').slice(0, 3).join(' '))).toEqual([
    ...['The configuration is', 'The configuration is'],
    ...['Workers go by', 'Workers go by'],
  ]);
});
