// Reads the files named on stdin, a path a line, and writes a line of JSON for each: what was read, and what was told.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { configFileSchema } from '../../dist/config/datasets.js';
import { convertTable } from '../../dist/convert/index.js';
import { readText } from '../../dist/convert/read/text/read-text.js';
import { warningsOf } from '../../dist/convert/read/warnings.js';

const { signal } = new AbortController();
const folder = mkdtempSync(join(tmpdir(), 'kaggle-import-fuzz-'));
const { config, datasets } = configFileSchema.parse({
  config: {},
  datasets: { fuzz: { kaggle_ref: 'o/s', checks: { max_rejects: Number.MAX_SAFE_INTEGER } } },
});
const entry = { ...datasets.fuzz, name: 'fuzz' };

/** The text that DuckDB would be given, and where its rows begin. */
async function readOnly(file) {
  const scratchDirectory = join(folder, 'scratch');
  mkdirSync(scratchDirectory);
  try {
    const reading = await readText({
      ...{ file, place: 'fuzz', scratchDirectory, pins: {}, maxRejects: 1e6, signal },
    });
    const { delimiter, skippedLines } = reading.text;
    return {
      header: reading.dialect.header === true,
      names: reading.columns.map(({ originalName }) => originalName),
      text: readFileSync(reading.text.file, 'utf8'),
      ...{ delimiter, skippedLines, rejects: reading.rejects.count },
      warnings: warningsOf(reading.decisions),
      encoding: reading.decisions.find(({ about }) => about === 'encoding'),
      decisions: reading.decisions.map(({ about, certainty, chosen }) => [
        about,
        certainty,
        chosen,
      ]),
    };
  } finally {
    rmSync(scratchDirectory, { recursive: true });
  }
}

/** The Parquet files. */
async function converted(file) {
  const workDirectory = join(folder, 'work');
  rmSync(workDirectory, { recursive: true, force: true });
  mkdirSync(workDirectory);
  const sourceBytes = readFileSync(file).length;
  const table = {
    name: 't',
    originalPath: 'fuzz.csv',
    file,
    format: 'csv',
    sourceBytes,
    sourceSha256: '0',
  };
  const result = await convertTable({
    table: { ...table, file: relativeTo(workDirectory, file) },
    ...{ workDirectory, entry, settings: config, metadata: {}, signal },
  });
  const description = JSON.parse(readFileSync(join(workDirectory, result.descriptionFile), 'utf8'));
  return {
    header: description.dialect.header === true,
    names: description.columns.map(({ originalName }) => originalName),
    types: description.columns.map(({ type, proof }) => [
      type,
      proof.rule,
      Object.keys(proof.nullTokens),
    ]),
    parquet: result.parts.map((part) => join(workDirectory, part.file)),
    ...{ rejects: result.rejects, warnings: result.warnings, decisions: [] },
  };
}

const relativeTo = (from, to) =>
  join(
    ...from
      .split('/')
      .filter(Boolean)
      .map(() => '..'),
    to,
  );

const look = process.argv[2] === 'parquet' ? converted : readOnly;
for await (const file of createInterface({ input: process.stdin })) {
  const answer = await look(file).catch((error) => ({
    refused: error.code ?? 'CRASHED',
    message: String(error.stack ?? error),
  }));
  console.log(JSON.stringify(answer));
}
rmSync(folder, { recursive: true });
