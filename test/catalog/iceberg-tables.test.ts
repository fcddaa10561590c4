/** Iceberg's two tables are shared with other tools: what they have left there stays theirs. */
import pg from 'pg';
import { expect, test } from 'vitest';
import { migrate } from '../../src/catalog/index.js';
import { createTestDatabase } from '../helpers/test-database.js';

const { signal } = new AbortController();

test('rows without a type, as schema V0 has them, are left as they are', async () => {
  const other = await createTestDatabase();
  const before = new pg.Client({ connectionString: other.url });
  await before.connect();
  try {
    await before.query(`
      CREATE TABLE iceberg_tables (
        catalog_name varchar(255) NOT NULL, table_namespace varchar(255) NOT NULL,
        table_name varchar(255) NOT NULL, metadata_location varchar(1000),
        previous_metadata_location varchar(1000),
        PRIMARY KEY (catalog_name, table_namespace, table_name));
      INSERT INTO iceberg_tables VALUES ('lake', 'sales', 'orders', 's3://x/y', NULL)`);
    await migrate(other.url, { signal });
    const { rows: found } = await before.query('SELECT * FROM iceberg_tables');
    expect(found).toEqual([
      {
        catalog_name: 'lake',
        table_namespace: 'sales',
        table_name: 'orders',
        metadata_location: 's3://x/y',
        previous_metadata_location: null,
        iceberg_type: null,
      },
    ]);
  } finally {
    await before.end();
    await other.drop();
  }
});
