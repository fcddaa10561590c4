/** What a conversion leaves in its work directory, and under which names. */
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { TableDescription } from './types.js';

/** Without `.parquet`, as the others relative to the work directory. */
export function parquetBase(name: string): string {
  return `parquet/${name}`;
}

export function rejectsBase(name: string): string {
  return `rejects/${name}`;
}

export function descriptionOf(name: string): string {
  return `descriptions/${name}.json`;
}

/** It is there whole, or not at all. */
export async function writeDescription(
  workDirectory: string,
  description: TableDescription,
): Promise<void> {
  const file = join(workDirectory, descriptionOf(description.result.name));
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.tmp`, JSON.stringify(description));
  await rename(`${file}.tmp`, file);
}

/** Also what is half written. */
export async function removeOutputs(workDirectory: string, name: string): Promise<void> {
  const [parquet, rejects] = [parquetBase(name), rejectsBase(name)];
  const files = [parquet, rejects].flatMap((base) => [`${base}.parquet`, `${base}.parquet.tmp`]);
  const paths = [parquet, ...files, descriptionOf(name)].map((path) => join(workDirectory, path));
  await Promise.all(paths.map((path) => rm(path, { recursive: true, force: true })));
}
