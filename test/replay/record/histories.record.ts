/** Records a history of every way the workflows go: real worker, real servers, `temporal workflow show`. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  IMPORT_ALL_WORKFLOW_ID,
  importWorkflowId,
  PROGRESS_QUERY,
  RETRY_NOW_SIGNAL,
  TASK_QUEUES,
  type ImportAllInput,
  type ImportAllProgress,
  type ImportProgress,
} from '../../../src/contract.js';
import { collectGarbage, verifyPublished, type importAll } from '../../../src/workflows/index.js';
import { eventually } from '../../helpers/eventually.js';
import { fasterBy } from '../../helpers/faster/index.js';
import { ImportSite } from '../../helpers/import-site.js';
import { temporal } from '../../helpers/temporal-cli.js';
import { HISTORIES, type Recorded } from '../histories.js';
import { portable } from './portable.js';

const TWO_TABLES = { 'one.csv': 'id,name\n1,a\n2,b\n', 'two.csv': 'x\n1.5\n' };
const ONE_AT_A_TIME = { max_parallel: 1 };
let site: ImportSite;

beforeAll(async () => {
  site = await ImportSite.open({
    datasets: {
      good: TWO_TABLES,
      broken: { 'broken.csv': 'a,b\n1,2\n3,4,5\n6,7\n' },
      other: TWO_TABLES,
      waiting: TWO_TABLES,
      hanging: { 'one.csv': 'id\n1\n' },
      moved: TWO_TABLES,
      late: TWO_TABLES,
      partly: { ...TWO_TABLES, 'ragged.csv': 'a,b\n1,2\n3,4,5\n6,7\n' },
      pictured: { ...TWO_TABLES, 'picture.png': '\x89PNG and its bytes' },
    },
    settings: ONE_AT_A_TIME,
  });
  await site.startWorker();
});
afterAll(() => site.close());

async function save(name: Recorded, workflowId: string, runId: string, at = site): Promise<void> {
  const ids = ['--workflow-id', workflowId, '--run-id', runId];
  const text = await temporal(at.namespace.name, ['workflow', 'show', ...ids, '--output', 'json']);
  const history: unknown = JSON.parse(text);
  writeFileSync(
    join(HISTORIES, `${name}.json`),
    `${JSON.stringify(portable(history, site.folder), null, 1)}\n`,
  );
}

/** Runs the import to whatever end, doing `meanwhile` while it runs. */
async function record(
  name: Recorded,
  dataset: string,
  meanwhile: (handle: Awaited<ReturnType<ImportSite['start']>>) => Promise<unknown> = async () =>
    undefined,
): Promise<string> {
  const handle = await site.start(dataset);
  await meanwhile(handle);
  await handle.result().catch(() => undefined);
  const { runId, status } = await handle.describe();
  await save(name, importWorkflowId(dataset), runId);
  return status.name;
}

test('imports of one dataset', async () => {
  expect(await record('import-dataset-published', 'good')).toBe('COMPLETED');
  expect(await record('import-dataset-up-to-date', 'good')).toBe('COMPLETED');
  expect(await record('import-dataset-failed', 'broken')).toBe('FAILED');
});

test('an import that is cancelled in its download', async () => {
  site.kaggle.faults.add({ kind: 'hang' });
  const status = await record('import-dataset-cancelled', 'hanging', async (handle) => {
    await eventually('the download', async () =>
      (await site.pendingActivities('hanging')).includes('downloadToCache'),
    );
    await handle.cancel();
  });
  expect(status).toBe('CANCELLED');
});

test('an import that waits until the version is ready', async () => {
  site.kaggle.faults.add({ kind: 'not-ready', match: { dataset: 'owner/waiting' } });
  const status = await record('import-dataset-waited', 'waiting', async (handle) => {
    await eventually('the wait', async () => {
      const progress = await handle.query<ImportProgress>(PROGRESS_QUERY).catch(() => undefined);
      return progress?.stage === 'waiting';
    });
    await handle.signal(RETRY_NOW_SIGNAL);
  });
  expect(status).toBe('COMPLETED');
});

test('an import whose files vanish from its host', async () => {
  const held = site.gate.hold(/^PUT .*\/moved\/.*\.parquet/);
  const status = await record('import-dataset-started-over', 'moved', async () => {
    await held;
    rmSync(join(site.folder, 'one', 'work', 'moved'), { recursive: true });
    site.gate.open();
  });
  expect(status).toBe('COMPLETED');
});

test('an import without a table that fails, and one with files that are no tables', async () => {
  const defaults = { on_table_failure: 'publish_others', keep_files: 'all' };
  site.configure({ settings: ONE_AT_A_TIME, defaults });
  try {
    expect(await record('import-dataset-without-a-table', 'partly')).toBe('COMPLETED');
    expect(await record('import-dataset-with-files', 'pictured')).toBe('COMPLETED');
  } finally {
    site.configure({ settings: ONE_AT_A_TIME });
  }
});

async function recordAll(input: ImportAllInput): Promise<{ last: string; first: string }> {
  const { client } = site.namespace;
  const handle = await client.workflow.start<typeof importAll>('importAll', {
    taskQueue: TASK_QUEUES.control,
    workflowId: IMPORT_ALL_WORKFLOW_ID,
    args: [input],
  });
  await handle.result().catch(() => undefined);
  const { runId } = await client.workflow.getHandle(IMPORT_ALL_WORKFLOW_ID).describe();
  return { first: handle.firstExecutionRunId, last: runId };
}

test('batches: a short one, and one that continues as new and fails', async () => {
  const short = await recordAll({ only: ['good'] });
  expect(short.first).toBe(short.last);
  await save('batch-published', IMPORT_ALL_WORKFLOW_ID, short.last);
  const long = await recordAll({ only: ['good', 'broken', 'other'], force: true });
  expect(long.first).not.toBe(long.last);
  await save('batch-continued', IMPORT_ALL_WORKFLOW_ID, long.first);
  const other = site.namespace.client.workflow.getHandle(importWorkflowId('other'));
  await save('import-dataset-short', importWorkflowId('other'), (await other.describe()).runId);
  await save('batch-failed', IMPORT_ALL_WORKFLOW_ID, long.last);
});

test('a batch that goes on without an import, which goes on without it', async () => {
  site.kaggle.faults.add({ kind: 'not-ready', match: { dataset: 'owner/late' } });
  const left = await recordAll({ only: ['late'] });
  await save('batch-left-one-waiting', IMPORT_ALL_WORKFLOW_ID, left.last);
  const late = site.namespace.client.workflow.getHandle(importWorkflowId('late'));
  await late.signal(RETRY_NOW_SIGNAL);
  await late.result();
  const { runId, status } = await late.describe();
  expect(status.name).toBe('COMPLETED');
  await save('import-dataset-of-batch', importWorkflowId('late'), runId);
});

test('an import of a batch whose source is away for a while', async () => {
  const away = await ImportSite.open({ datasets: { away: TWO_TABLES } });
  const folder = mkdtempSync(join(tmpdir(), 'kaggle-import-faster-'));
  try {
    await away.startWorker('one', await fasterBy(360, folder));
    away.kaggle.faults.add({
      ...{ kind: 'status', times: 'always' },
      match: { service: 'DownloadDataset' },
    });
    const { client } = away.namespace;
    const batch = await client.workflow.start<typeof importAll>('importAll', {
      ...{ taskQueue: TASK_QUEUES.control, workflowId: IMPORT_ALL_WORKFLOW_ID, args: [{}] },
    });
    expect(await batch.result()).toMatchObject({ counts: { waiting: 1 } });
    away.kaggle.faults.clear();
    const handle = client.workflow.getHandle(importWorkflowId('away'));
    expect(await handle.result()).toMatchObject({ outcome: 'published' });
    const { runId } = await handle.describe();
    await save('import-dataset-sat-out', importWorkflowId('away'), runId, away);
  } finally {
    await away.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

test('a batch whose second import takes the place that a worker brings', async () => {
  const grows = await ImportSite.open({
    datasets: { slow: TWO_TABLES, behind: TWO_TABLES },
    settings: ONE_AT_A_TIME,
  });
  try {
    await grows.startWorker();
    const held = grows.gate.hold(/^PUT .*\/slow\/.*\.parquet/);
    const handle = await grows.namespace.client.workflow.start<typeof importAll>('importAll', {
      ...{ taskQueue: TASK_QUEUES.control, workflowId: IMPORT_ALL_WORKFLOW_ID, args: [{}] },
    });
    await held;
    await grows.startWorker('two');
    await eventually('the import behind the one that is held', async () => {
      const { counts } = await handle.query<ImportAllProgress>(PROGRESS_QUERY);
      return counts.published === 1;
    });
    grows.gate.open();
    expect(await handle.result()).toMatchObject({ counts: { published: 2 } });
    await save('batch-resized', IMPORT_ALL_WORKFLOW_ID, handle.firstExecutionRunId, grows);
  } finally {
    await grows.close();
  }
});

test('gc, and verify of more versions than one activity reads', async () => {
  const many = await ImportSite.open({
    datasets: Object.fromEntries(
      Array.from({ length: 11 }, (_, index) => [`set-${index}`, { 'one.csv': 'id\n1\n' }]),
    ),
  });
  try {
    await many.startWorker();
    await Promise.all(
      Array.from({ length: 11 }, async (_, index) => (await many.start(`set-${index}`)).result()),
    );
    const run = async (
      name: Recorded,
      workflow: typeof collectGarbage | typeof verifyPublished,
      input: object,
    ): Promise<string> => {
      const workflowId = name;
      const { client } = many.namespace;
      const args = [input] as [object];
      const start = { taskQueue: TASK_QUEUES.control, workflowId, args };
      const handle = await client.workflow.start(workflow, start);
      await handle.result().catch(() => undefined);
      const { runId, status } = await handle.describe();
      await save(name, workflowId, runId, many);
      return status.name;
    };
    expect(await run('gc', collectGarbage, {})).toBe('COMPLETED');
    expect(await run('verify-whole', verifyPublished, {})).toBe('COMPLETED');
    const [key] = (await many.objects()).filter((one) => one.endsWith('croissant.json'));
    await many.alterObject(key!);
    expect(await run('verify-deep-failed', verifyPublished, { deep: true })).toBe('FAILED');
  } finally {
    await many.close();
  }
});
