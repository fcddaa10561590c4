/** What the source says of a dataset, as key-value metadata of each of its Parquet files. */
import { keywordsOf } from '../catalog/index.js';
import type { DatasetEntry } from '../config/datasets.js';
import type { SourceDescription } from '../source/types.js';

export function aboutMetadata(
  about: SourceDescription,
  entry: DatasetEntry,
): Record<string, string> {
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
