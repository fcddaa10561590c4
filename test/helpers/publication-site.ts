/** A catalog and a bucket of the test's own: opened before the file, or before each of its tests, and closed behind it. */
import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { Catalog } from '../../src/catalog/index.js';
import { createObjectStore, type ObjectStore } from '../../src/store/index.js';
import type { MinioOptions } from '../../src/store/types.js';
import type { IcebergSettings } from '../../src/config/iceberg.js';
import { iceberg } from './stored-publication.js';
import { minio } from './stores-for-test.js';
import { createTestCatalog, type TestCatalog } from './test-database.js';

/** There once the first test begins. */
export interface PublicationSite {
  readonly database: TestCatalog;
  readonly catalog: Catalog;
  readonly store: ObjectStore;
  readonly iceberg: IcebergSettings;
}

export function publicationSite(
  per: 'file' | 'test' = 'file',
  storeOptions: Partial<MinioOptions> = {},
): PublicationSite {
  let database: TestCatalog;
  let catalog: Catalog;
  let store: ObjectStore;
  const open = async (): Promise<void> => {
    const { signal } = new AbortController();
    database = await createTestCatalog();
    ({ catalog } = database);
    store = await createObjectStore(minio(storeOptions));
    await store.ensureReady(signal);
  };
  const close = async (): Promise<void> => {
    await store.close();
    await database.drop();
  };
  if (per === 'file') {
    beforeAll(open);
    afterAll(close);
  } else {
    beforeEach(async () => {
      await open();
      return close;
    });
  }
  return {
    iceberg,
    get database() {
      return database;
    },
    get catalog() {
      return catalog;
    },
    get store() {
      return store;
    },
  };
}
