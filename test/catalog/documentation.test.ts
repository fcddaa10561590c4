/** docs/catalog.md says what is in the database: every table, every column, and queries that run. */
import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate } from '../../src/catalog/index.js';
import { createTestDatabase, type TestDatabase } from '../helpers/test-database.js';

let database: TestDatabase;
let client: pg.Client;
let text: string;

beforeAll(async () => {
  text = await readFile(new URL('../../docs/catalog.md', import.meta.url), 'utf8');
  database = await createTestDatabase();
  await migrate(database.url, { signal: new AbortController().signal });
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

test('tables and columns are those of the schema, in its order', async () => {
  const sections = text.split(/^### /m).slice(1);
  const documented = Object.fromEntries(
    sections.map((section) => [
      section.split('\n')[0]!.trim(),
      [...section.matchAll(/^\| `(\w+)` +\|/gm)].map((match) => match[1]),
    ]),
  );
  const { rows } = await client.query<{ table: string; columns: string[] }>(
    `SELECT table_name AS table, array_agg(column_name::text ORDER BY ordinal_position) AS columns
     FROM information_schema.columns
     WHERE table_schema = 'public' AND table_name <> 'schema_migrations'
     GROUP BY table_name`,
  );
  expect(documented).toEqual(Object.fromEntries(rows.map((row) => [row.table, row.columns])));
});

test('the example queries run', async () => {
  const blocks = [...text.matchAll(/```sql\n([\s\S]*?)```/g)].map((match) => match[1]!);
  const queries = blocks.flatMap((block) => block.split(';').filter((query) => query.trim()));
  expect(queries.length).toBeGreaterThanOrEqual(5);
  for (const query of queries) await client.query(query);
});
