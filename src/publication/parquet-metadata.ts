/** The key-value metadata of each Parquet file: where its rows come from, and what the source says of the dataset. */
import { keywordsOf } from '../catalog/index.js';
import type { DatasetEntry } from '../config/datasets.js';
import type { SourceDescription } from '../source/types.js';

export interface Origin {
  readonly source: { readonly kind: string; readonly reference: string; readonly version: string };
  /** Of the cache entry. */
  readonly checksum: string;
  /** Place of the table in the dataset. */
  readonly file: string;
  readonly entry: DatasetEntry;
  readonly licence: string | undefined;
  readonly about: SourceDescription;
  readonly tool: string;
}

/** In the order in which it is written. */
export function parquetMetadata(origin: Origin): Record<string, string> {
  const { source, checksum, file, entry, licence, about, tool } = origin;
  return {
    source: `${source.kind}:${source.reference}`,
    version: source.version,
    checksum,
    dataset: entry.name,
    file,
    licence: entry.licence ?? licence ?? 'unknown',
    ...aboutMetadata(about, entry),
    tool,
  };
}

function aboutMetadata(about: SourceDescription, entry: DatasetEntry): Record<string, string> {
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
