/** Whether stored Parquet has the field ids that Iceberg knows its columns by: that of older versions of the tool has none. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PublishedPart } from '../catalog/index.js';
import { withEngine } from '../convert/engine.js';
import { quoteText } from '../convert/relation.js';
import type { BuiltSchema } from '../iceberg/index.js';
import { fetchHead } from '../published/fetch-parts.js';
import type { ObjectStore } from '../store/index.js';

const MEMORY_BYTES = 500_000_000;

/** Asks the footer, which alone cannot be wrong about it. Throws OBJECT_MISSING, OBJECT_ALTERED. */
export async function hasFieldIds(
  store: ObjectStore,
  part: PublishedPart,
  { fields }: Pick<BuiltSchema, 'fields'>,
  signal: AbortSignal,
): Promise<boolean> {
  const directory = await mkdtemp(join(tmpdir(), 'kaggle-import-footer-'));
  try {
    const engine = { memoryLimitBytes: MEMORY_BYTES, temporaryDirectory: directory };
    return await withEngine({ ...engine, signal, place: part.key }, async (connection) => {
      const file = await fetchHead(connection, part, 0, { store, directory, signal });
      const reader = await connection.runAndReadAll(
        `SELECT field_id::INTEGER FROM parquet_schema(${quoteText(file)}) WHERE field_id IS NOT NULL`,
      );
      const found = new Set(reader.getRows().map(([id]) => id as number));
      return fields.every(({ id }) => found.has(id));
    });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
