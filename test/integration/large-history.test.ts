/** An import and a batch that the server itself ends, because of their histories: recorded, told, and nothing of them is left. */
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { IMPORT_ALL_WORKFLOW_ID, importWorkflowId, TASK_QUEUES } from '../../src/contract.js';
import type { importAll } from '../../src/workflows/index.js';
import { eventually } from '../helpers/eventually.js';
import { ImportSite } from '../helpers/import-site.js';
import { nothingPublished, publicationState } from '../helpers/publication-state.js';
import { startShortHistories, type OwnTemporal } from '../helpers/own-temporal.js';
import { createTestDatabase, type TestDatabase } from '../helpers/test-database.js';
import { webhook } from '../helpers/webhook.js';

/** More than both have had when the import stores its last object. */
const MAX_EVENTS = 200;

let temporal: OwnTemporal;
let database: TestDatabase;
let site: ImportSite;
beforeAll(async () => {
  [temporal, database] = await Promise.all([
    startShortHistories(MAX_EVENTS, 'error'),
    createTestDatabase(),
  ]);
  const here = { TEMPORAL_ADDRESS: temporal.address, DATABASE_URL: database.url };
  site = await ImportSite.open({
    datasets: { people: { 'people.csv': 'id,name\n1,ada\n' } },
    services: { ...inject('stack'), ...here },
  });
});
afterAll(async () => {
  await site.close();
  await temporal.stop();
  await database.drop();
});

/** Each signal is an event, also one that nobody has a use for. */
async function fillHistory(workflowId: string): Promise<void> {
  const handle = site.namespace.client.workflow.getHandle(workflowId);
  await eventually(`the end of ${workflowId}`, async () => {
    const some = Array.from({ length: 10 }, () => handle.signal('heard by nobody'));
    await Promise.allSettled(some);
    return (await handle.describe()).status.name === 'TERMINATED';
  });
}

test('what Temporal ends for its history is terminated, says why, and is tidied up by the next worker', async () => {
  const slack = await webhook();
  const worker = await site.startWorker();
  const held = site.gate.hold(/^PUT .*\/croissant\.json/);
  await site.namespace.client.workflow.start<typeof importAll>('importAll', {
    ...{ taskQueue: TASK_QUEUES.control, workflowId: IMPORT_ALL_WORKFLOW_ID, args: [{}] },
  });
  await held;
  await fillHistory(IMPORT_ALL_WORKFLOW_ID);
  await fillHistory(importWorkflowId('people'));
  await worker.kill();
  expect((await publicationState(site, 'people')).objects).toEqual(['people.parquet']);
  expect(site.workFiles()).not.toEqual([]);

  site.gate.open();
  await site.startWorker('one', { SLACK_WEBHOOK_URL: slack.url });
  await eventually('the objects to be gone', async () => (await site.objects()).length === 1);
  expect(await publicationState(site, 'people')).toEqual(nothingPublished(['terminated']));
  expect(site.workFiles()).toEqual([]);
  const ends = await site.query(
    `SELECT error_message FROM imports UNION ALL SELECT error_message FROM batches`,
  );
  const reason = { error_message: expect.stringMatching(/history/i) };
  expect(ends).toEqual([reason, reason]);
  expect(slack.messages).toEqual([
    { text: expect.stringContaining(' terminated.'), mrkdwn: false },
  ]);
});
