/** The first rows of a converted table as a person may see them: as text, personal values masked. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withEngine } from './engine.js';
import { shown } from './describe/mask.js';
import { parquetRelation } from './describe/parquet-relation.js';
import { quoteIdentifier } from './relation.js';
import type { ColumnDescription } from './types.js';

const MEMORY_LIMIT_BYTES = 200e6;

export interface FirstRowsRequest {
  /** Absolute paths of the Parquet files of one table, in their order. */
  readonly files: readonly string[];
  readonly columns: readonly ColumnDescription[];
  readonly most: number;
  readonly signal: AbortSignal;
}

/** Throws CONVERSION_FAILED. `null` is a missing cell. */
export async function firstRows({
  files,
  columns,
  most,
  signal,
}: FirstRowsRequest): Promise<(string | null)[][]> {
  const cells = columns.map(({ name }) => `CAST(${quoteIdentifier(name)} AS VARCHAR)`);
  const temporaryDirectory = await mkdtemp(join(tmpdir(), 'kaggle-import-rows-'));
  const engine = { memoryLimitBytes: MEMORY_LIMIT_BYTES, temporaryDirectory, signal };
  try {
    return await withEngine({ ...engine, place: files[0] ?? '' }, async (connection) => {
      const reader = await connection.runAndReadAll(
        `SELECT ${cells.join(', ')} FROM ${parquetRelation(files)} LIMIT ${most}`,
      );
      return reader
        .getRows()
        .map((row) =>
          row.map((cell, at) =>
            typeof cell === 'string' ? shown(cell, columns[at]!.personalData !== undefined) : null,
          ),
        );
    });
  } finally {
    await rm(temporaryDirectory, { recursive: true, force: true });
  }
}
