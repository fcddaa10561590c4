/** Opens catalog, store and a DuckDB of its own for reading what is published, and leaves nothing behind. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
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

/** What DuckDB may take when nobody says more. */
const MEMORY_BYTES = 1_000_000_000;

/** Without an engine. */
export async function withPlace<Result>(
  environment: Environment,
  use: (place: Pick<Published, 'catalog' | 'store'>) => Promise<Result>,
): Promise<Result> {
  // One thing after another; and it may be a process of a worker, beside the worker's own.
  const store = await createObjectStore(storageOptions(environment));
  const catalog = openCatalog(databaseUrl(environment), { connections: 1 });
  try {
    return await use({ catalog, store });
  } finally {
    await store.close();
    await catalog.close();
  }
}

export interface PublishedPlace {
  /** Absolute; made for it alone, empty, and removed. A temporary one when absent. */
  readonly directory?: string;
  readonly memoryBytes?: number;
}

export async function withPublished<Result>(
  environment: Environment,
  signal: AbortSignal,
  use: (published: Published) => Promise<Result>,
  place: PublishedPlace = {},
): Promise<Result> {
  const directory = await makeDirectory(place.directory);
  try {
    return await withPlace(environment, (opened) =>
      withEngine(
        {
          memoryLimitBytes: place.memoryBytes ?? MEMORY_BYTES,
          ...{ signal, place: 'the query' },
          temporaryDirectory: join(directory, 'spill'),
        },
        (connection) => use({ ...opened, connection, directory }),
      ),
    );
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function makeDirectory(wanted: string | undefined): Promise<string> {
  if (wanted === undefined) return mkdtemp(join(tmpdir(), 'kaggle-import-read-'));
  // Of an attempt that was killed.
  await rm(wanted, { recursive: true, force: true });
  await mkdir(wanted, { recursive: true });
  return wanted;
}
