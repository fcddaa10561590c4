/** Reads damaged files in a process of its own: `node read.js`, a path a line on standard input, an outcome a line back. */
import { createInterface } from 'node:readline';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { settingsSchema } from '../../../dist/config/datasets.js';
import { recordReader } from '../../../dist/convert/read/open-format.js';
import { UnpackBudget } from '../../../dist/convert/unpack/budget.js';
import { tablesInside } from '../../../dist/convert/unpack/inside.js';
import { tableKind } from '../../../dist/convert/unpack/table-kind.js';

const scratchDirectory = mkdtempSync(join(tmpdir(), 'damage-'));
const { signal } = new AbortController();

for await (const file of createInterface({ input: process.stdin }))
  console.log(JSON.stringify(await outcomeOf(file)));
rmSync(scratchDirectory, { recursive: true });

/** How many records it has, why it is no table, or its error: those of ours have a code. */
async function outcomeOf(file) {
  try {
    const kind = await tableKind(file, file);
    if ('reason' in kind) return { skipped: kind.reason };
    const { format } = kind;
    // Texts have a fuzz of their own, Parquet is DuckDB's.
    if (format === 'csv' || format === 'parquet') return { skipped: format };
    const files = [{ path: file, bytes: statSync(file).size }];
    const budget = new UnpackBudget(settingsSchema.parse({}).limits, files);
    const inside = await tablesInside(
      { path: file, absolutePath: file },
      format,
      budget,
      undefined,
    );
    const names = inside?.filter(({ reason }) => reason === undefined).map(({ name }) => name);
    let records = 0;
    let rejects = 0;
    for (const name of names ?? [undefined]) {
      const originalPath = name === undefined ? file : `${file}#${name}`;
      const reader = await recordReader({
        table: { format, originalPath, ...(name !== undefined && { inside: name }) },
        ...{ file, scratchDirectory, entry: {}, signal },
      });
      for await (const record of reader.source()) {
        if ('reject' in record) rejects += 1;
        else if ('cells' in record) records += 1;
      }
    }
    return { records, rejects };
  } catch (error) {
    return { code: error.code, error: String(error.stack ?? error).slice(0, 1500) };
  }
}
