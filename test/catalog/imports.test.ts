/** The record of runs, and what `list` and `status` read from it. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openCatalog, type Catalog } from '../../src/catalog/index.js';
import { createTestCatalog, type TestCatalog } from '../helpers/test-database.js';
import { publishSample, samplePublication } from '../helpers/sample-publication.js';

let database: TestCatalog;
let catalog: Catalog;

beforeAll(async () => {
  database = await createTestCatalog();
  ({ catalog } = database);
});
afterAll(async () => {
  await database.drop();
});

const start = (dataset: string, runId: string, startedAt: string) => ({
  dataset,
  workflowId: `import:${dataset}`,
  runId,
  startedAt,
});

test('a run is recorded once, however often its start and end are reported', async () => {
  const publication = samplePublication('iris', '7', { people: 'a' });
  await publishSample(catalog, publication);
  const begin = start('iris', 'run-1', '2026-01-01T02:00:00.000Z');
  const end = {
    ...begin,
    endedAt: '2026-01-01T02:00:03.500Z',
    outcome: 'published',
    stageMs: { downloading: 1200 },
    sourceBytes: 100,
    parquetBytes: 300,
    transferredBytes: 50,
    rows: 3,
    tables: 1,
    cacheHit: false,
    prefix: publication.prefix,
  };
  for (let times = 0; times < 3; times += 1) {
    await catalog.startImport(begin);
    await catalog.finishImport(end);
  }
  const runs = (await catalog.importsOf('iris', 10)).filter(({ runId }) => runId === 'run-1');
  expect(runs).toEqual([{ ...end, durationMs: 3500 }]);
});

test('datasets are listed with publication and last import, also those that never succeeded', async () => {
  await catalog.startImport(start('iris', 'run-2', '2026-01-02T02:00:00.000Z'));
  // Its start could not be recorded: the database was away.
  await catalog.finishImport({
    ...start('titanic', 'run-3', '2026-01-02T02:00:01.000Z'),
    endedAt: '2026-01-02T02:00:02.000Z',
    outcome: 'failed',
    stageMs: {},
    sourceBytes: 0,
    parquetBytes: 0,
    transferredBytes: 0,
    rows: 0,
    tables: 0,
    errorCode: 'ARCHIVE_DAMAGED',
    errorMessage: 'The archive is damaged: a\0b',
  });
  expect(await catalog.listDatasets()).toEqual([
    {
      dataset: 'iris',
      sourceVersion: '7',
      publishedAt: expect.any(String),
      tables: 1,
      rows: 3,
      parquetBytes: 300,
      lastWorkflowId: 'import:iris',
      lastRunId: 'run-2',
      lastStartedAt: '2026-01-02T02:00:00.000Z',
      lastOutcome: 'running',
    },
    {
      dataset: 'titanic',
      lastWorkflowId: 'import:titanic',
      lastRunId: 'run-3',
      lastStartedAt: '2026-01-02T02:00:01.000Z',
      lastOutcome: 'failed',
      lastErrorCode: 'ARCHIVE_DAMAGED',
      lastEndedAt: '2026-01-02T02:00:02.000Z',
      lastDurationMs: 1000,
    },
  ]);
  const [newest] = await catalog.importsOf('titanic', 1);
  expect(newest).toMatchObject({
    dataset: 'titanic',
    errorMessage: expect.stringContaining('a␀b'),
  });
});

test('a server that takes no writes, as in a failover, is one to come back to', async () => {
  const url = new URL(database.url);
  url.searchParams.set('options', '-c default_transaction_read_only=on');
  const standby = openCatalog(url.href);
  const work = standby.startImport(start('iris', 'run-late', '2026-01-01T02:00:00.000Z'));
  await expect(work).rejects.toMatchObject({ code: 'DATABASE_UNREACHABLE', retryable: true });
  await standby.close();
});
