/** What a version's descriptions say of it, whatever their format: from a publication, and what it carries over. */
import type { DatasetEntry } from '../../config/datasets.js';
import type { TableDescription } from '../../convert/types.js';
import type { SourceDescription } from '../../source/types.js';
import { joinParts } from '../file-rows.js';
import { spdxLicence } from '../licence.js';
import type {
  KeptFile,
  PublicationContent,
  PublishedColumn,
  PublishedPart,
  PublishedTable,
} from '../types.js';
import { splitOf, type Split } from './split.js';

export interface TableFacts {
  readonly name: string;
  readonly originalPath: string;
  readonly description?: string | undefined;
  readonly parts: readonly PublishedPart[];
  readonly columns: readonly PublishedColumn[];
  readonly split?: Split;
}

export interface DatasetFacts {
  readonly name: string;
  readonly title?: string | undefined;
  readonly description: string;
  readonly licence?: LicenceFacts;
  readonly url?: string | undefined;
  readonly creator?: string | undefined;
  /** ISO 8601, UTC. */
  readonly lastUpdated?: string | undefined;
  readonly keywords: readonly string[];
  readonly version: string;
  /** `kaggle:owner/slug`. */
  readonly source: string;
  /** Where that has it from. */
  readonly sources?: string | undefined;
  readonly citation?: string;
  readonly targetColumn?: string | undefined;
  /** Where its files lie; those of a table that was carried over lie under an older prefix. */
  readonly prefix: string;
  /** By name. */
  readonly tables: readonly TableFacts[];
  /** Files that are no tables. */
  readonly kept: readonly KeptFile[];
}

export interface LicenceFacts {
  /** As the source or the configuration calls it. */
  readonly name: string;
  readonly spdx?: string;
}

/** `published` are the current tables of the dataset: the carried-over ones are described from them. */
export function factsOf(
  publication: PublicationContent,
  published: readonly PublishedTable[],
): DatasetFacts {
  const { entry, pin, prefix, carriedOver } = publication;
  const { title, description, subtitle, url, creator, lastUpdated, sources } = pin.description;
  const licence = entry.licence ?? pin.description.licence;
  const citation = entry.citation ?? citationOf(pin.description, pin.version);
  const tables = [
    ...publication.tables.map(({ description: table, objects }) => freshTable(table, objects)),
    ...published.filter(({ name }) => carriedOver.includes(name)).map(withSplit),
  ].sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    ...{ name: entry.name, title, url, creator, lastUpdated, sources, prefix, tables },
    kept: publication.kept ?? [],
    description: entry.description ?? description ?? subtitle ?? title ?? entry.name,
    ...(licence !== undefined && { licence: licenceFacts(licence) }),
    keywords: keywordsOf(entry, pin.description),
    version: pin.version,
    source: `${pin.kind}:${pin.reference}`,
    ...(citation !== undefined && { citation }),
    targetColumn: entry.target_column,
  };
}

/** Those of the configuration before those of the source. */
export function keywordsOf(
  { domain = [], ml_task = [] }: Pick<DatasetEntry, 'domain' | 'ml_task'>,
  { tags = [] }: Pick<SourceDescription, 'tags'>,
): string[] {
  return [...new Set([...domain, ...ml_task, ...tags])];
}

/** The dataset itself, by what its source says of it; without a page there is nothing to cite. */
export function citationOf(
  { title, creator, url, lastUpdated }: SourceDescription,
  version: string,
): string | undefined {
  if (title === undefined || url === undefined) return undefined;
  const year = lastUpdated?.slice(0, 4);
  const who = creator === undefined ? '' : `${creator}${year === undefined ? '' : ` (${year})`}. `;
  return `${who}${title}. Version ${version}. ${url}`;
}

export function licenceFacts(name: string): LicenceFacts {
  const spdx = spdxLicence(name);
  return { name, ...(spdx !== undefined && { spdx }) };
}

function freshTable(
  { table, result, columns }: TableDescription,
  objects: Parameters<typeof joinParts>[1],
): TableFacts {
  return withSplit({ ...table, columns, parts: joinParts(result.parts, objects) });
}

function withSplit(table: Omit<TableFacts, 'split'>): TableFacts {
  const { name, originalPath, description, parts, columns } = table;
  const split = splitOf(name);
  return { name, originalPath, description, parts, columns, ...(split && { split }) };
}
