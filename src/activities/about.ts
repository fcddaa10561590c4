/** What the source says of the dataset, on the disk of the host: each of thousands of tables writes it into its Parquet. */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SourceDescription } from '../source/types.js';

const fileOf = (workDirectory: string): string => join(workDirectory, 'about.json');

export async function keepAbout(workDirectory: string, about: SourceDescription): Promise<void> {
  const file = fileOf(workDirectory);
  await writeFile(`${file}.tmp`, JSON.stringify(about));
  await rename(`${file}.tmp`, file);
}

/** Nothing when a worker of the version before has unpacked. */
export async function keptAbout(workDirectory: string): Promise<SourceDescription> {
  const text = await readFile(fileOf(workDirectory), 'utf8').catch(() => '{}');
  return JSON.parse(text) as SourceDescription;
}
