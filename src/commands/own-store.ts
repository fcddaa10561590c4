/** Opens the catalog and the store for a verb that changes both: only where they belong to each other. */
import { openCatalog, type Catalog } from '../catalog/index.js';
import type { Environment } from '../config/environment.js';
import { storageOptions } from '../config/storage.js';
import { databaseUrl } from '../config/database.js';
import { createObjectStore, requireOwnBucket, type ObjectStore } from '../store/index.js';

/** Throws STORE_OF_ANOTHER_CATALOG. */
export async function withOwnStore<Result>(
  environment: Environment,
  signal: AbortSignal,
  use: (own: { readonly catalog: Catalog; readonly store: ObjectStore }) => Promise<Result>,
): Promise<Result> {
  const store = await createObjectStore(storageOptions(environment));
  const catalog = openCatalog(databaseUrl(environment));
  try {
    await requireOwnBucket(store, await catalog.id(), signal);
    return await use({ catalog, store });
  } finally {
    await store.close();
    await catalog.close();
  }
}
