/** Reads a text as the product does before types are proven: names, cells, rejects and what is told of it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configFileSchema } from '../../src/config/datasets.js';
import { withEngine } from '../../src/convert/engine.js';
import type { Decision } from '../../src/convert/read/decision.js';
import { openTextTable } from '../../src/convert/read/text/open-text.js';
import { warningsOf } from '../../src/convert/read/warnings.js';
import { ImportError } from '../../src/errors/index.js';

export interface Reading {
  readonly names: readonly string[];
  readonly header: boolean;
  /** Text cells; an empty one and a missing one are both the empty text. */
  readonly rows: readonly (readonly string[])[];
  readonly rejects: number;
  readonly warnings: readonly string[];
  readonly decisions: readonly Decision[];
}

export interface RefusedReading {
  /** A code of src/errors. */
  readonly refused: string;
}

export type ReadSource = (bytes: Uint8Array, fileName: string) => Promise<Reading | RefusedReading>;

/** Gives `use` a reader that keeps one engine and one folder for all its files; both go with it. */
export async function withReader(use: (read: ReadSource) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'kaggle-import-read-'));
  try {
    await readersIn(folder, use);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function readersIn(folder: string, use: (read: ReadSource) => Promise<void>): Promise<void> {
  const { signal } = new AbortController();
  const { datasets } = configFileSchema.parse({
    config: {},
    datasets: { sample: { kaggle_ref: 'o/s' } },
  });
  const entry = { ...datasets['sample']!, name: 'sample' };
  const engine = { memoryLimitBytes: 5e8, temporaryDirectory: join(folder, 'spill'), signal };
  await withEngine({ ...engine, place: 'corpus' }, async (connection) => {
    await use(async (bytes, fileName) => {
      const file = join(folder, 'source');
      writeFileSync(file, bytes);
      try {
        const relation = await openTextTable({
          ...{ connection, file, scratchDirectory: folder, entry, signal },
          table: {
            ...{ name: 'table', originalPath: fileName, file: 'source', format: 'csv' },
            ...{ sourceBytes: bytes.length, sourceSha256: '0' },
          },
          onRead: () => undefined,
        });
        const result = await connection.runAndReadAll(`SELECT * FROM ${relation.sql}`);
        return {
          names: relation.columns.map(({ originalName }) => originalName),
          header: relation.dialect['header'] === true,
          rows: result.getRows().map((row) => row.map((cell) => (cell as string | null) ?? '')),
          rejects: relation.rejects.count,
          warnings: warningsOf(relation.decisions),
          decisions: relation.decisions,
        };
      } catch (error) {
        if (error instanceof ImportError) return { refused: error.code };
        throw error;
      }
    });
  });
}
