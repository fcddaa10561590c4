/** A dataset of more tables than the history of an import can hold is refused before any is converted. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import yazl from 'yazl';
import { convertActivities } from '../../src/activities/convert.js';
import { keepTable, keptTable, requireRoom, type Named } from '../../src/activities/table-files.js';
import { unpack } from '../../src/convert/index.js';
import type { TableSource } from '../../src/convert/types.js';
import type { Follow, Jobs } from '../../src/pool/index.js';
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

/** No process of its own is needed to count. */
const here = {
  unpack: async (input: Jobs['unpack']['input'], follow: Follow<'unpack'>) => ({
    tables: (await unpack({ ...input, ...follow })).tables,
  }),
  convertTable: () => Promise.reject(new Error('nothing is to be converted')),
};

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
    unpack: (request) =>
      convertActivities(resources, here, noArrivals).unpack({ ...request, force: true }),
  });
  const failure = await withWorkers(namespace.name, activities, async () =>
    importFailure(await startImport(namespace.client)),
  );
  expect(failure.type).toBe('TOO_MANY_TABLES');
  expect(failure.message).toMatch(/iris: expected at most 3000, found 3001/);
  expect(failure.details?.[0]).toMatchObject({ nextStep: expect.stringContaining('files:') });
  expect(calls.filter((call) => call.startsWith('convertTable'))).toEqual([]);
});

const noArrivals = { settled: () => Promise.resolve(), giveWay: () => undefined };

const tablesNamed = (count: number, name: string): TableSource[] =>
  Array.from({ length: count }, (_, i) => ({
    ...{ name: `${name}_${i}`, originalPath: 'a.csv', file: 'a.csv', format: 'csv' as const },
    ...{ sourceBytes: 1, sourceSha256: '' },
  }));

test('what would not fit a payload, or the history, is refused before any table is converted', () => {
  expect(() => requireRoom('d', tablesNamed(3000, 'a'.repeat(100)), {})).not.toThrow();
  expect(() => requireRoom('d', tablesNamed(3000, 'a'.repeat(600)), {})).toThrowError(
    /d: expected names of at most 1500000 bytes together, found 18\d{5} bytes/,
  );
  const entry = {
    columns: Object.fromEntries(tablesNamed(1000, 'x').map(({ name }) => [name, 'BIGINT'])),
  };
  expect(() => requireRoom('d', tablesNamed(3000, 'a'), { entry })).toThrowError(
    /d: expected at most 18\d\d with an entry of that size, found 3000/,
  );
});

test('of a table, payloads carry its name: the rest is found on its host, or the import starts over', async () => {
  const folder = await temporaryFolder();
  const [table] = tablesNamed(1, 'people');
  const isWhole = (one: Named<TableSource>): one is TableSource => one.file !== undefined;
  await keepTable(folder, 'sources', table!);
  expect(await keptTable(folder, 'sources', { name: table!.name }, isWhole)).toEqual(table);
  // A worker of the version before has sent all of it.
  expect(await keptTable(await temporaryFolder(), 'sources', table!, isWhole)).toBe(table);
  const lost = keptTable(await temporaryFolder(), 'sources', { name: table!.name }, isWhole);
  await expect(lost).rejects.toMatchObject({ code: 'WORK_FILES_MISSING' });
});
