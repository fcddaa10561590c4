/** Reads a text as the product does before types are proven: names, cells, rejects and what is told of it. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Decision } from '../../src/convert/read/decision.js';
import { readText } from '../../src/convert/read/text/read-text.js';
import { warningsOf } from '../../src/convert/read/warnings.js';
import type { PlainText } from '../../src/convert/write/plain-text.js';
import { ImportError } from '../../src/errors/index.js';
import { parseRecords } from './strict-csv.js';

export interface Reading {
  readonly names: readonly string[];
  readonly header: boolean;
  readonly encoding: string;
  readonly delimiter: string;
  readonly skippedLines: number;
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

/** Reads in a folder of its own, which goes with it. Throws what is no `ImportError`. */
export async function readSource(
  bytes: Uint8Array,
  fileName: string,
): Promise<Reading | RefusedReading> {
  const folder = mkdtempSync(join(tmpdir(), 'kaggle-import-read-'));
  const scratchDirectory = join(folder, 'scratch');
  const file = join(folder, 'source');
  mkdirSync(scratchDirectory);
  writeFileSync(file, bytes);
  const { signal } = new AbortController();
  try {
    const { text, columns, dialect, rejects, decisions } = await readText({
      ...{ file, place: fileName, scratchDirectory, pins: {}, maxRejects: 1000, signal },
    });
    return {
      names: columns.map(({ originalName }) => originalName),
      header: dialect['header'] === true,
      encoding: String(dialect['encoding']),
      delimiter: String(dialect['delimiter']),
      skippedLines: Number(dialect['skippedLines']),
      rows: rowsOf(text, columns.length),
      rejects: rejects.count,
      ...{ warnings: warningsOf(decisions), decisions },
    };
  } catch (error) {
    if (error instanceof ImportError) return { refused: error.code };
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The text that DuckDB would be given, by the tests' own reader; of several columns, a blank line is no row. */
function rowsOf({ file, delimiter, skippedLines }: PlainText, columns: number): string[][] {
  const lines = readFileSync(file, 'utf8')
    .replace(/^\uFEFF/, '')
    .split('\n');
  const records = parseRecords(lines.slice(skippedLines).join('\n'), { delimiter });
  return columns === 1 ? records : records.filter((row) => row.length > 1 || row[0] !== '');
}
