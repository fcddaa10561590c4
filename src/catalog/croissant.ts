/** Content of `croissant.json`: the dataset in MLCommons Croissant 1.0, for tools that load datasets by it. */
import { posix } from 'node:path';
import { CROISSANT_CONTEXT } from './croissant-context.js';
import { joinParts } from './file-rows.js';
import type { Publication, PublishedColumn, PublishedPart, PublishedTable } from './types.js';

/** The one name of the format that mlcroissant 1.1 knows; with the registered one no record set loads. */
const CROISSANT_PARQUET = 'application/x-parquet';

type Json = Readonly<Record<string, unknown>>;

interface DescribedTable {
  readonly name: string;
  readonly originalPath: string;
  readonly parts: readonly PublishedPart[];
  readonly columns: readonly PublishedColumn[];
}

/**
 * Specification: https://docs.mlcommons.org/croissant/docs/croissant-spec.html
 * `published` are the current tables of the dataset: the carried-over ones are described from them. The same
 * publication gives the same bytes: no clock is read.
 */
export function buildCroissant(
  publication: Omit<Publication, 'croissant'>,
  published: readonly PublishedTable[],
): Json {
  const { entry, pin, prefix, carriedOver } = publication;
  const { title, description, subtitle, licence, lastUpdated, url, tags } = pin.description;
  const tables = [
    ...publication.tables.map(freshTable),
    ...published.filter(({ name }) => carriedOver.includes(name)),
  ].sort((a, b) => (a.name < b.name ? -1 : 1));
  const license = entry.licence ?? licence;
  return {
    '@context': CROISSANT_CONTEXT,
    '@type': 'sc:Dataset',
    conformsTo: 'http://mlcommons.org/croissant/1.0',
    name: entry.name,
    ...(title !== undefined && { alternateName: title }),
    description: entry.description ?? description ?? subtitle ?? title ?? entry.name,
    ...(license !== undefined && { license }),
    ...(url !== undefined && { url }),
    ...(lastUpdated !== undefined && { datePublished: lastUpdated, dateModified: lastUpdated }),
    keywords: [...new Set([...(entry.domain ?? []), ...(entry.ml_task ?? []), ...(tags ?? [])])],
    // Croissant wants MAJOR.MINOR.PATCH; sources count by one number, or not at all.
    version: /^\d+$/.test(pin.version) ? `${pin.version}.0.0` : pin.version,
    isBasedOn: `${pin.kind}:${pin.reference}`,
    distribution: tables.flatMap((table) => distribution(table, prefix)),
    recordSet: tables.map(recordSet),
  };
}

function freshTable({ description, objects }: Publication['tables'][number]): DescribedTable {
  const { table, result, columns } = description;
  const { name, originalPath } = table;
  return { name, originalPath, columns, parts: joinParts(result.parts, objects) };
}

function distribution({ name, originalPath, parts }: DescribedTable, prefix: string): Json[] {
  const ids = parts.map((_part, index) => fileId(name, parts.length, index));
  const files = parts.map(({ key, bytes, sha256 }, index) => ({
    '@type': 'cr:FileObject',
    '@id': ids[index],
    name: ids[index],
    description: `${originalPath} as Parquet`,
    // From where croissant.json lies; a carried-over table lies under an older prefix.
    contentUrl: posix.relative(prefix, key),
    contentSize: `${bytes} B`,
    encodingFormat: CROISSANT_PARQUET,
    sha256,
  }));
  if (parts.length <= 1) return files;
  const set = {
    '@type': 'cr:FileSet',
    '@id': name,
    name,
    containedIn: ids.map((id) => ({ '@id': id })),
    encodingFormat: CROISSANT_PARQUET,
    includes: '*.parquet',
  };
  return [...files, set];
}

function recordSet({ name, parts, columns }: DescribedTable): Json {
  const source =
    parts.length <= 1
      ? { fileObject: { '@id': fileId(name, 1, 0) } }
      : { fileSet: { '@id': name } };
  return {
    '@type': 'cr:RecordSet',
    '@id': `${name}.records`,
    name,
    field: columns.map((column) => ({
      '@type': 'cr:Field',
      '@id': `${name}.records/${fieldId(column)}`,
      name: column.name,
      ...(column.originalName !== column.name && { description: column.originalName }),
      dataType: croissantType(column.type),
      ...(column.type.endsWith('[]') && { repeated: true }),
      source: { ...source, extract: { column: column.name } },
    })),
  };
}

/** Readers take no blanks in an id, not even escaped (mlcroissant 1.1); such a column goes by its position. */
function fieldId({ name, position }: PublishedColumn): string {
  return /^[\w.-]+$/.test(name) ? name : `column@${position}`;
}

function fileId(table: string, parts: number, index: number): string {
  if (parts <= 1) return `${table}.parquet`;
  return `${table}/part-${String(index + 1).padStart(4, '0')}.parquet`;
}

/** DuckDB's type in the terms of schema.org. */
export function croissantType(type: string): string {
  const name = type.toUpperCase().replace(/\[\]$/, '').replace(/\(.*$/, '');
  if (/^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$/.test(name)) return 'sc:Integer';
  if (/^(DOUBLE|FLOAT|REAL|DECIMAL)$/.test(name)) return 'sc:Float';
  if (name === 'BOOLEAN') return 'sc:Boolean';
  if (name === 'DATE') return 'sc:Date';
  if (name.startsWith('TIMESTAMP')) return 'sc:DateTime';
  if (name.startsWith('TIME')) return 'sc:Time';
  return 'sc:Text';
}
