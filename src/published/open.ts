/** Opens catalog, store and a DuckDB of its own for reading what is published, and leaves nothing behind. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { openCatalog, type Catalog } from '../catalog/index.js';
import type { Environment } from '../config/environment.js';
import { storageOptions } from '../config/storage.js';
import { withEngine } from '../convert/engine.js';
import { databaseUrl } from '../config/database.js';
import { createObjectStore, type ObjectStore } from '../store/index.js';

export interface Published {
  readonly catalog: Catalog;
  readonly store: ObjectStore;
  readonly connection: DuckDBConnection;
  /** Absolute; gone at the end. */
  readonly directory: string;
}

const MEMORY_BYTES = 1_000_000_000;

/** Without an engine. */
export async function withPlace<Result>(
  environment: Environment,
  use: (place: Pick<Published, 'catalog' | 'store'>) => Promise<Result>,
): Promise<Result> {
  const catalog = openCatalog(databaseUrl(environment));
  const store = createObjectStore(storageOptions(environment));
  try {
    return await use({ catalog, store });
  } finally {
    await store.close();
    await catalog.close();
  }
}

export async function withPublished<Result>(
  environment: Environment,
  signal: AbortSignal,
  use: (published: Published) => Promise<Result>,
): Promise<Result> {
  const directory = await mkdtemp(join(tmpdir(), 'kaggle-import-read-'));
  try {
    return await withPlace(environment, (place) =>
      withEngine(
        {
          ...{ memoryLimitBytes: MEMORY_BYTES, signal, place: 'the query' },
          temporaryDirectory: join(directory, 'spill'),
        },
        (connection) => use({ ...place, connection, directory }),
      ),
    );
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
