/** A dataset of more tables than the history of an import can hold is refused before any is converted. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import yazl from 'yazl';
import { convertActivities } from '../../src/activities/convert.js';
import type { Resources } from '../../src/resources.js';
import {
  cacheForTest,
  datasetEntry,
  obtainOptions,
  signal,
  sourcesForTest,
  temporaryFolder,
} from '../helpers/kaggle-for-test.js';
import { importFailure, startImport } from '../helpers/started-import.js';
import { stubActivities } from '../helpers/stub-activities.js';
import { createTestNamespace, type TestNamespace } from '../helpers/test-namespace.js';
import { withWorkers } from '../helpers/workflow-workers.js';

let namespace: TestNamespace;
beforeAll(async () => {
  namespace = await createTestNamespace();
});
afterAll(() => namespace.close());

test('3001 tables are too many, and the next step says what to do', async () => {
  const zip = new yazl.ZipFile();
  for (let i = 0; i < 3001; i += 1) zip.addBuffer(Buffer.from(`x\n${i}\n`), `t${i}.csv`);
  zip.end();
  const path = join(await temporaryFolder(), 'many.zip');
  await writeFile(path, zip.outputStream);
  const entry = datasetEntry({ source: { path } });
  const sources = sourcesForTest('http://127.0.0.1:9');
  const { cache } = await cacheForTest(sources);
  const pin = await sources.pin(entry, { signal });
  const cached = await cache.obtain(entry, pin, obtainOptions);
  const resources = { cache, workRoot: await temporaryFolder() } as Resources;
  const base = stubActivities();
  const { activities, calls } = stubActivities({
    downloadToCache: async (request) => ({
      ...(await base.activities.downloadToCache(request)),
      cached,
    }),
    unpack: (request) => convertActivities(resources).unpack({ ...request, force: true }),
  });
  const failure = await withWorkers(namespace.name, activities, async () =>
    importFailure(await startImport(namespace.client)),
  );
  expect(failure.type).toBe('TOO_MANY_TABLES');
  expect(failure.message).toMatch(/iris: expected at most 3000, found 3001/);
  expect(failure.details?.[0]).toMatchObject({ nextStep: expect.stringContaining('files:') });
  expect(calls.filter((call) => call.startsWith('convertTable'))).toEqual([]);
});
