/** A catalog and a store of a test file, and what engines that read Iceberg see of the dataset of each test. */
import pg from 'pg';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { IcebergSettings } from '../../src/config/iceberg.js';
import { chooseVersion } from '../../src/published/index.js';
import { createObjectStore, type ObjectStore } from '../../src/store/index.js';
import { icebergMetadata, icebergRows, requireWholeTable } from './iceberg-reader.js';
import { iceberg, storeAndPublish } from './stored-publication.js';
import { minio } from './stores-for-test.js';
import { createTestCatalog, type TestCatalog } from './test-database.js';

/** Opened before the tests of the file, closed behind them; every test has a dataset of its own. */
export function icebergSite() {
  let database: TestCatalog;
  let sql: pg.Pool;
  let store: ObjectStore;
  let number = 0;
  beforeAll(async () => {
    database = await createTestCatalog();
    sql = new pg.Pool({ connectionString: database.url, max: 2 });
    store = await createObjectStore(minio());
  });
  afterAll(async () => {
    await sql.end();
    await store.close();
    await database.drop();
  });
  beforeEach(() => {
    number += 1;
  });
  const dataset = () => `people-${number}`;
  /** What publishing takes. */
  const open = () => ({ catalog: database.catalog, store, iceberg });
  return {
    signal: new AbortController().signal,
    dataset,
    open,
    query: (text: string, values: unknown[]) => sql.query(text, values),
    publish: (
      version: string,
      tables: Record<string, (string | null)[]>,
      carriedOver: string[] = [],
      settings: IcebergSettings = iceberg,
    ) => storeAndPublish(open(), dataset(), version, tables, carriedOver, settings),
    rows: () => icebergRows(sql, dataset()),
    metadata: (table = 'people') => icebergMetadata(sql, store, dataset(), table),
    requireWhole: (table = 'people') => requireWholeTable(sql, store, dataset(), table),
    version: async (name: string) =>
      chooseVersion(await database.catalog.findVersions(dataset()), dataset(), name),
  };
}
