/** Reads bytes as a text file, as an import does before DuckDB has a part in it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readText, type TextReading } from '../../src/convert/read/text/read-text.js';
import type { TextPins } from '../../src/convert/read/text/pins.js';
import { warningsOf } from '../../src/convert/read/warnings.js';
import { parseRecords } from './strict-csv.js';

export interface ReadBytes extends TextReading {
  /** All rows as they are handed to DuckDB, by a reader that is not the product's; `''` is a missing or empty cell. */
  readonly rows: readonly string[][];
  readonly warnings: readonly string[];
}

/** Throws what the reading throws. */
export async function readBytes(
  source: Uint8Array | string,
  pins: TextPins = {},
  maxRejects = Number.MAX_SAFE_INTEGER,
): Promise<ReadBytes> {
  const folder = mkdtempSync(join(tmpdir(), 'kaggle-import-read-'));
  try {
    const file = join(folder, 'source');
    writeFileSync(file, source);
    const reading = await readText({
      ...{ file, place: 'source.csv', scratchDirectory: folder, pins, maxRejects },
      signal: new AbortController().signal,
    });
    const { text } = reading;
    const bytes = readFileSync(text.file)
      .toString('utf8')
      .replace(/^\uFEFF/, '');
    const records = parseRecords(bytes, { delimiter: text.delimiter });
    const above = bytes.split('\n').slice(0, text.skippedLines).join('\n');
    const skipped = text.skippedLines === 0 ? 0 : parseRecords(`${above}\n`, text).length;
    return { ...reading, rows: records.slice(skipped), warnings: warningsOf(reading.decisions) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
