/** Twenty workers fit into the 100 connections that PostgreSQL has without being asked for more, people too. */
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate, openCatalog } from '../../src/catalog/index.js';
import { startTestStack, type TestStack } from '../helpers/test-stack.js';

const WORKERS = 20;
/** As many as a worker may have under way. */
const CALLS = 20;

let stack: TestStack;
beforeAll(async () => {
  // Of this test alone: it takes all the connections that there are.
  stack = await startTestStack({ services: ['postgres'] });
});
afterAll(() => stack.stop());

test('all of them ask at once, and none is turned away', async () => {
  const url = stack.environment['DATABASE_URL']!;
  await migrate(url);
  const watcher = new pg.Client({ connectionString: url });
  await watcher.connect();
  const catalogs = Array.from({ length: WORKERS }, () => openCatalog(url));
  const calls = catalogs.flatMap((catalog) =>
    Array.from({ length: CALLS }, () => catalog.listDatasets()),
  );
  const outcomes = await Promise.allSettled(calls);
  const refused = outcomes.filter(({ status }) => status === 'rejected');
  expect(refused).toEqual([]);
  const { rows: open } = await watcher.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM pg_stat_activity WHERE application_name = 'kaggle-import'`,
  );
  // All of them are open by now, and idle.
  expect(open[0]!.count).toBeGreaterThan(WORKERS);
  expect(open[0]!.count).toBeLessThanOrEqual(90);
  await Promise.all(catalogs.map((catalog) => catalog.close()));
  await watcher.end();
});
