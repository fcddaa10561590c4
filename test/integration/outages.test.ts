/** PostgreSQL or MinIO killed in the middle of an import: it waits, goes on, and ends published once. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startStack } from '../../src/stack/index.js';
import { MOMENTS, people, ROWS } from '../helpers/import-moments.js';
import { eventually } from '../helpers/eventually.js';
import { ImportSite } from '../helpers/import-site.js';
import { publicationState, publishedOnce } from '../helpers/publication-state.js';
import { startTestStack, testStackOptions, type TestStack } from '../helpers/test-stack.js';

const SERVICES = ['postgres', 'minio'] as const;
let stack: TestStack;
let site: ImportSite;

beforeAll(async () => {
  // Servers of this test's own: the other tests need the shared ones.
  stack = await startTestStack({ services: SERVICES, keepsPorts: true });
  site = await ImportSite.open({
    datasets: { people: { 'people.csv': people() } },
    services: stack.environment,
  });
  await site.startWorker();
});
afterAll(async () => {
  await site.close();
  await stack.stop();
});

test('both go away for a while, one after the other', async () => {
  const [storing, publishing] = ['storeTable', 'publish'].map((name) =>
    MOMENTS.find(({ activity }) => activity === name)!,
  ) as [(typeof MOMENTS)[number], (typeof MOMENTS)[number]];
  const aboutToStore = storing.reach(site);
  const handle = await site.start('people');
  await aboutToStore;
  process.kill(stack.state.services.minio!.pid, 'SIGKILL');
  site.gate.open();
  await eventually('attempts to store', async () => (await site.attempts('people')) >= 3);
  const aboutToPublish = publishing.reach(site);
  const restored = await startStack(testStackOptions(stack.directory, SERVICES));

  await aboutToPublish;
  process.kill(restored.services.postgres!.pid, 'SIGKILL');
  site.gate.open();
  await eventually('attempts to publish', async () => (await site.attempts('people')) >= 3);
  await startStack(testStackOptions(stack.directory, SERVICES));

  expect(await handle.result()).toMatchObject({ outcome: 'published', rows: ROWS });
  expect(await publicationState(site, 'people')).toEqual(publishedOnce(ROWS, ['published']));
  expect(site.workFiles()).toEqual([]);
});
