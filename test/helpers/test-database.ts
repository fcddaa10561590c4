/** Makes fresh databases on the shared PostgreSQL server, one for each test file: empty, or a catalog. */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { migrate, openCatalog, type Catalog } from '../../src/catalog/index.js';
import type {} from './global-setup.js';

export interface TestDatabase {
  /** For DATABASE_URL. */
  readonly url: string;
  /** Ends its sessions and deletes it; the end of the run would do so too. */
  drop(): Promise<void>;
}

export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  const server = inject('stack').DATABASE_URL;
  await onServer(server, `CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => onServer(server, `DROP DATABASE ${name} WITH (FORCE)`) };
}

export interface TestCatalog extends TestDatabase {
  /** Closed by `drop`. */
  readonly catalog: Catalog;
}

export async function createTestCatalog(): Promise<TestCatalog> {
  const database = await createTestDatabase();
  const { url } = database;
  await migrate(url);
  const catalog = openCatalog(url);
  return {
    ...{ url, catalog },
    async drop() {
      await catalog.close();
      await database.drop();
    },
  };
}

async function onServer(connectionString: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
