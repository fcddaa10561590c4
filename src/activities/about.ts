/** What the source says of the dataset, on the disk of the host: each of thousands of tables writes it into its Parquet. */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { keywordsOf } from '../catalog/index.js';
import type { DatasetEntry } from '../config/datasets.js';
import type { SourceDescription } from '../source/types.js';

const fileOf = (workDirectory: string): string => join(workDirectory, 'about.json');

export async function keepAbout(workDirectory: string, about: SourceDescription): Promise<void> {
  const file = fileOf(workDirectory);
  await writeFile(`${file}.tmp`, JSON.stringify(about));
  await rename(`${file}.tmp`, file);
}

/** Key-value metadata of the Parquet. */
export async function aboutMetadata(
  workDirectory: string,
  entry: DatasetEntry,
): Promise<Record<string, string>> {
  // A worker of the version before has unpacked.
  const text = await readFile(fileOf(workDirectory), 'utf8').catch(() => '{}');
  const about = JSON.parse(text) as SourceDescription;
  const facts = {
    title: about.title,
    description: entry.description ?? about.description ?? about.subtitle,
    keywords: keywordsOf(entry, about).join(', '),
    citation: entry.citation,
    url: about.url,
  };
  return Object.fromEntries(
    Object.entries(facts).filter((pair): pair is [string, string] => Boolean(pair[1])),
  );
}
