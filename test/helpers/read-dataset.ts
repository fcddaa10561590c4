/** Reads files as a dataset is read: tables are found in them, each is converted, its Parquet is read back. */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { configFileSchema } from '../../src/config/datasets.js';
import { unpack } from '../../src/convert/unpack/index.js';
import { convert, temporaryFolder } from './convert.js';

export interface ReadTable {
  readonly columns: ReadonlyArray<readonly [name: string, type: string]>;
  readonly rows: readonly unknown[][];
  readonly warnings: readonly string[];
}

export interface ReadDataset {
  readonly tables: Readonly<Record<string, ReadTable>>;
  /** Path to reason. */
  readonly skipped: Readonly<Record<string, string>>;
}

/** Throws what unpacking and converting throw. */
export async function readDataset(
  files: Readonly<Record<string, Buffer | string>>,
  entry: object = {},
): Promise<ReadDataset> {
  const workDirectory = temporaryFolder();
  const config = configFileSchema.parse({
    datasets: { sample: { kaggle_ref: 'o/s', ...entry } },
  });
  const found = await unpack({
    files: Object.entries(files).map(([path, content]) => {
      const absolutePath = join(workDirectory, 'downloads', path);
      const bytes = Buffer.from(content);
      mkdirSync(dirname(absolutePath), { recursive: true });
      writeFileSync(absolutePath, bytes);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      return { path, absolutePath, bytes: bytes.length, sha256 };
    }),
    workDirectory,
    entry: { ...config.datasets['sample']!, name: 'sample' },
    limits: config.config.limits,
    signal: new AbortController().signal,
  });
  const tables: Record<string, ReadTable> = {};
  for (const { name, file, format, originalPath, inside, remark } of found.tables) {
    const { description, rows, result } = await convert(readFileSync(join(workDirectory, file)), {
      ...{ entry, format, originalPath },
      ...(inside !== undefined && { inside }),
      ...(remark !== undefined && { remark }),
    });
    tables[name] = {
      columns: description.columns.map((column) => [column.name, column.type]),
      rows,
      warnings: result.warnings,
    };
  }
  const skipped = found.skipped.map(({ originalPath, reason }) => [originalPath, reason]);
  return { tables, skipped: Object.fromEntries(skipped) as Record<string, string> };
}

/** The files below a folder, or the one file, by their paths. */
export function filesBelow(path: string): Record<string, Buffer> {
  if (statSync(path).isFile())
    return { [path.slice(dirname(path).length + 1)]: readFileSync(path) };
  const entries = readdirSync(path, { recursive: true, withFileTypes: true });
  return Object.fromEntries(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => [relative(path, file), readFileSync(file)]),
  );
}
