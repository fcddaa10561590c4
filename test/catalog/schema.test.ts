/** docs/schema.sql is the schema that the migrations make: `npx vitest run test/catalog/schema.test.ts -u` writes it. */
import { expect, test } from 'vitest';
import { migrate } from '../../src/catalog/index.js';
import { schemaDump } from '../helpers/schema-dump.js';
import { createTestDatabase } from '../helpers/test-database.js';

test('the schema in the repository is that of the migrations', async () => {
  const database = await createTestDatabase();
  try {
    await migrate(database.url);
    const head =
      '-- The schema of the catalog, for reading; what makes it are the migrations of sql/.\n\n';
    await expect(head + (await schemaDump(database.url))).toMatchFileSnapshot(
      '../../docs/schema.sql',
    );
  } finally {
    await database.drop();
  }
});
