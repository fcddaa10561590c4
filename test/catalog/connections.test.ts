/** Twenty workers fit into the 100 connections that PostgreSQL has without being asked for more, people too. */
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate, migrateOnceReachable, openCatalog } from '../../src/catalog/index.js';
import { startUsualPostgres, type UsualPostgres } from '../helpers/usual-postgres.js';

const WORKERS = 20;
/** As many as a worker may have under way. */
const CALLS = 20;
/** Of one worker. */
const CONNECTIONS = 4;

let postgres: UsualPostgres;
let url: string;
let watcher: pg.Client;
beforeAll(async () => {
  // Of this test alone: it takes all the connections that there are.
  postgres = await startUsualPostgres();
  url = postgres.url;
  await migrate(url);
  watcher = new pg.Client({ connectionString: postgres.superuserUrl });
  await watcher.connect();
});
afterAll(async () => {
  await watcher.end();
  await postgres.stop();
});

test('all of them ask at once, and none is turned away', async () => {
  const { rows: limits } = await watcher.query<{ max_connections: string }>('SHOW max_connections');
  expect(limits[0]).toEqual({ max_connections: '100' });
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
});

test('twenty more that start beside them, as in a rolling update, wait until they get through', async () => {
  const catalogs = Array.from({ length: WORKERS }, () => openCatalog(url));
  const ended = new AbortController();
  const calls = catalogs.flatMap((catalog) =>
    Array.from({ length: CONNECTIONS }, async () => {
      while (!ended.signal.aborted) await catalog.listDatasets();
    }),
  );
  const busy = Promise.allSettled(calls);
  await Promise.all(Array.from({ length: WORKERS }, () => migrateOnceReachable(url, 60_000)));
  ended.abort();
  const outcomes = await busy;
  // Calls of the old ones may find no connection at such a moment; what has one is not disturbed.
  const refused = outcomes.flatMap((outcome) =>
    outcome.status === 'rejected' ? [(outcome.reason as { code?: string }).code] : [],
  );
  expect(refused.filter((code) => code !== 'DATABASE_BUSY')).toEqual([]);
  await Promise.all(catalogs.map((catalog) => catalog.close()));
});
