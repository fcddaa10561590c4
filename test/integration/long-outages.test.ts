/**
 * The table "When a service is away" of docs/operations.md: each service away for a second, a minute and an hour in
 * the middle of a batch. Pauses are shorter by `FASTER` times (360: the hour is ten seconds); by hand, FASTER=1.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PROGRESS_QUERY, TASK_QUEUES, type ImportAllProgress } from '../../src/contract.js';
import type { importAll } from '../../src/workflows/index.js';
import { eventually } from '../helpers/eventually.js';
import { fasterBy } from '../helpers/faster/index.js';
import { startForwarder } from '../helpers/forwarder.js';
import { ImportSite } from '../helpers/import-site.js';
import { webhook } from '../helpers/webhook.js';

const FASTER = Number(process.env['FASTER'] ?? 360);
const [SECOND, MINUTE, HOUR] = [1_000, 60_000, 3_600_000];
const NAMES = ['one', 'two'];

const SERVICES = ['Temporal', 'PostgreSQL', 'store', 'Kaggle'] as const;
type Service = (typeof SERVICES)[number];

const folder = mkdtempSync(join(tmpdir(), 'kaggle-import-faster-'));
let faster: Record<string, string>;
beforeAll(async () => {
  faster = await fasterBy(FASTER, folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('each service is away in the middle of a batch', async () => {
  const slack = await webhook();
  const told = await Promise.all(SERVICES.map((service) => outagesOf(service, slack.url)));
  // One message a batch, whatever happens.
  const batches = told.reduce((sum, count) => sum + count, 0);
  await eventually('the messages', () => slack.messages.length >= batches);
  expect(slack.messages).toHaveLength(batches);
});

/** Gives how many batches there were. */
async function outagesOf(service: Service, slackUrl: string): Promise<number> {
  const files = (version: number) => ({ 'table.csv': `version\n${version}\n` });
  const site = await ImportSite.open({
    datasets: Object.fromEntries(NAMES.map((name) => [name, files(1)])),
    settings: { max_parallel: 2 },
  });
  const { way, settings } = await wayTo(service, site);
  try {
    await site.startWorker('one', { ...faster, ...settings, SLACK_WEBHOOK_URL: slackUrl });
    let version = 1;
    let told = 0;
    for (const outageMs of [HOUR, MINUTE, SECOND]) {
      for (const name of version === 1 ? [] : NAMES) {
        await site.kaggle.publishVersion(`owner/${name}`, files(version));
      }
      const batch = await start(site);
      await underWay(batch);
      way.refuse();
      await sleep(outageMs / FASTER);
      await way.accept();
      // One that fails as a whole would leave datasets out.
      expect(await batch.result()).toMatchObject({ total: NAMES.length });
      const failed = await site.query<{ error_code: string }>(
        `SELECT error_code FROM imports
         WHERE batch_id = '${batch.firstExecutionRunId}'
           AND outcome NOT IN ('published', 'up-to-date', 'running')`,
      );
      expect(failed.map(({ error_code: code }) => code)).toEqual([]);
      told += 1;
      await eventually(`the newest versions, ${service} away for ${outageMs} ms`, async () => {
        const rows = await site.query<{ newest: string }>(
          `SELECT source_version AS newest FROM datasets d JOIN dataset_versions v ON v.id = d.current_version_id`,
        );
        return rows.map(({ newest }) => newest).join() === NAMES.map(() => version).join();
      });
      version += 1;
    }
    return told;
  } finally {
    way.refuse();
    await site.close();
  }
}

/** What the worker goes through, and how it finds it. */
async function wayTo(service: Service, site: ImportSite) {
  const environment = site.environment();
  const variable = {
    ...{ Temporal: 'TEMPORAL_ADDRESS', PostgreSQL: 'DATABASE_URL' },
    ...{ store: 'MINIO_ENDPOINT', Kaggle: 'KAGGLE_API_BASE' },
  }[service];
  const address = environment[variable]!;
  const host = address.includes('://') ? new URL(address).host : address;
  const way = await startForwarder(host);
  return { way, settings: { [variable]: address.replace(host, way.address) } };
}

function start(site: ImportSite) {
  const workflowId = `import-all-${Date.now()}`;
  return site.namespace.client.workflow.start<typeof importAll>('importAll', {
    ...{ taskQueue: TASK_QUEUES.control, workflowId, args: [{}] },
  });
}

async function underWay(batch: Awaited<ReturnType<typeof start>>): Promise<void> {
  await eventually('an import', async () => {
    const progress = await batch.query<ImportAllProgress>(PROGRESS_QUERY).catch(() => undefined);
    return progress !== undefined && (progress.running.length > 0 || progress.recent.length > 0);
  });
}
