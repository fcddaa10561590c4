/** Years of imports: what is asked for all the time reads few of them, and old ones are forgotten. */
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Catalog } from '../../src/catalog/index.js';
import { RETIRE_IMPORTS, UNFINISHED_IMPORTS } from '../../src/catalog/statements/imports.js';
import { IMPORTS_OF, LIST_DATASETS } from '../../src/catalog/statements/read.js';
import { createTestCatalog, type TestCatalog } from '../helpers/test-database.js';

/** Of 200 datasets, a run every few minutes. RUNS=5000000 asks more of the indexes, by hand. */
const RUNS = Number(process.env['RUNS'] ?? 300_000);
const DATASETS = 200;

let database: TestCatalog;
let catalog: Catalog;
let client: pg.Client;

beforeAll(async () => {
  database = await createTestCatalog();
  ({ catalog } = database);
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query(`
    INSERT INTO imports (workflow_id, run_id, dataset_name, started_at, ended_at, outcome)
    SELECT 'import:d' || n % ${DATASETS}, 'run-' || n, 'd' || n % ${DATASETS},
      now() - n * interval '4 minutes', now() - n * interval '4 minutes' + interval '1 minute',
      'up-to-date'
    FROM generate_series(1, ${RUNS}) AS n`);
  await client.query('ANALYZE imports');
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly Plans?: readonly Plan[];
}

/** Rows of `imports` that a statement looked at, and how. */
async function readsOf(statement: string, values: readonly unknown[]) {
  await client.query('BEGIN');
  const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
    `EXPLAIN (ANALYZE, FORMAT JSON) ${statement}`,
    [...values],
  );
  await client.query('ROLLBACK');
  const nodes = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodes)];
  const reads = nodes(rows[0]!['QUERY PLAN'][0].Plan).filter(
    (node) => node['Relation Name'] === 'imports' && /Scan$/.test(node['Node Type']),
  );
  return {
    kinds: reads.map((node) => node['Node Type']),
    rows: reads.reduce((sum, node) => sum + node['Actual Rows'] * node['Actual Loops'], 0),
  };
}

test.each([
  ['what runs now', UNFINISHED_IMPORTS, [], 10],
  ['the last outcomes of a dataset', IMPORTS_OF, ['d7', 20], 100],
  ['the last outcome of each dataset', LIST_DATASETS, [], 5 * DATASETS],
])('%s: an index, and few rows of %s', async (_what, statement, values, most) => {
  const { kinds, rows } = await readsOf(statement, values);
  expect(kinds.join()).toMatch(/Index/);
  expect(kinds).not.toContain('Seq Scan');
  expect(rows).toBeLessThanOrEqual(most);
});

test('the list has every dataset once, with its newest run', async () => {
  const listed = await catalog.listDatasets();
  expect(listed).toHaveLength(DATASETS);
  expect(new Set(listed.map(({ lastOutcome }) => lastOutcome))).toEqual(new Set(['up-to-date']));
});

test('runs older than the retention go, a few at a time, but for the last one of each dataset', async () => {
  await client.query(
    `INSERT INTO imports (workflow_id, run_id, dataset_name, started_at, ended_at, outcome)
     VALUES ('import:rare', 'only', 'rare', now() - interval '9 years', now() - interval '9 years', 'failed'),
       ('import:hangs', 'runs', 'hangs', now() - interval '9 years', NULL, 'running')`,
  );
  const { kinds } = await readsOf(RETIRE_IMPORTS, [365, 1000]);
  expect(kinds).not.toContain('Seq Scan');
  expect(await catalog.retireImports(365, 1000)).toBe(1000);
  const old = Math.floor(RUNS - (365 * 24 * 60) / 4);
  let removed = 1000;
  for (let some = 1; some > 0; removed += some) some = await catalog.retireImports(365, 100_000);
  expect(Math.abs(removed - old)).toBeLessThan(10);
  const { rows } = await client.query<{ dataset_name: string }>(
    `SELECT dataset_name FROM imports WHERE started_at < now() - interval '8 years' ORDER BY 1`,
  );
  expect(rows.map((row) => row.dataset_name)).toEqual(['hangs', 'rare']);
});
