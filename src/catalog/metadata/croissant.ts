/** Content of `croissant.json`: the dataset in MLCommons Croissant 1.1, for tools that load datasets by it. */
import { posix } from 'node:path';
import type { KeptFile, PublishedColumn } from '../types.js';
import { CROISSANT_CONTEXT } from './croissant-context.js';
import { fieldType } from './croissant-types.js';
import type { DatasetFacts, LicenceFacts, TableFacts } from './facts.js';
import type { Split } from './split.js';

/** The one name of the format that mlcroissant 1.1 knows; with the registered one no record set loads. */
const CROISSANT_PARQUET = 'application/x-parquet';
const CONFORMS_TO = 'http://mlcommons.org/croissant/1.1';
/** https://docs.mlcommons.org/croissant/docs/croissant-rai-spec.html */
const CONFORMS_TO_RAI = 'http://mlcommons.org/croissant/RAI/1.0';
/** Of the record set that lists them; no table has such a name. */
const SPLITS = 'splits.records';

type Json = Readonly<Record<string, unknown>>;

/**
 * Specification: https://docs.mlcommons.org/croissant/docs/croissant-spec-1.1.html
 * The same facts give the same text: no clock is read.
 */
export function buildCroissant(facts: DatasetFacts): Json {
  const { tables, prefix, title, url, creator, lastUpdated, licence, citation } = facts;
  const personal = tables.flatMap(personalData);
  const splits = tables.flatMap(({ split }) => split ?? []);
  return {
    '@context': CROISSANT_CONTEXT,
    '@type': 'sc:Dataset',
    conformsTo: personal.length > 0 ? [CONFORMS_TO, CONFORMS_TO_RAI] : CONFORMS_TO,
    name: facts.name,
    ...(title !== undefined && { alternateName: title }),
    description: facts.description,
    ...(licence && { license: licenceOf(licence) }),
    ...(url !== undefined && { url }),
    ...(creator !== undefined && { creator: { '@type': 'sc:Person', name: creator } }),
    ...(lastUpdated !== undefined && { datePublished: lastUpdated, dateModified: lastUpdated }),
    keywords: facts.keywords,
    ...(citation !== undefined && { citeAs: citation }),
    // Croissant wants MAJOR.MINOR.PATCH; sources count by one number, or not at all.
    version: /^\d+$/.test(facts.version) ? `${facts.version}.0.0` : facts.version,
    isBasedOn: facts.source,
    ...(personal.length > 0 && { 'rai:personalSensitiveInformation': personal }),
    distribution: distributionOf(facts),
    recordSet: [
      ...(splits.length > 0 ? [splitsSet(splits)] : []),
      ...tables.flatMap((table) =>
        recordsOf(table, prefix).map((records) => recordSet(table, records, facts.targetColumn)),
      ),
    ],
  };
}

/** One by one: a dataset may have a hundred thousand files. */
function* distributionOf(facts: DatasetFacts): Generator<Json> {
  const { tables, kept, prefix } = facts;
  yield* tables.flatMap((table) => distribution(table, prefix));
  for (const [index, file] of kept.entries()) yield keptObject(file, index, facts);
}

/** Croissant recommends the address in SPDX's list. */
function licenceOf({ name, spdx }: LicenceFacts): string | Json {
  if (spdx !== undefined) return `https://spdx.org/licenses/${spdx}`;
  return { '@type': 'sc:CreativeWork', name };
}

function personalData({ name, columns }: TableFacts): string[] {
  return columns.flatMap((column) =>
    column.personalData === undefined ? [] : `${name}.${column.name}: ${column.personalData}`,
  );
}

function distribution({ name, originalPath, parts }: TableFacts, prefix: string): Json[] {
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
  if (recordsOf({ name, parts }, prefix)[0]?.source['fileSet'] === undefined) return files;
  const includes = `${name}/part-*.parquet`;
  const set = {
    '@type': 'cr:FileSet',
    '@id': name,
    name,
    encodingFormat: CROISSANT_PARQUET,
    includes,
  };
  return [...files, set];
}

/** Readers take no blanks in an id, and paths may have any character. */
function keptObject(
  { path, key, bytes, sha256, mediaType }: KeptFile,
  index: number,
  { prefix, source, url }: DatasetFacts,
): Json {
  return {
    '@type': 'cr:FileObject',
    '@id': `file-${String(index + 1).padStart(6, '0')}`,
    name: path,
    // Where it is only listed, the source has it.
    contentUrl:
      key === undefined
        ? (url ?? source)
        : posix.relative(prefix, key).split('/').map(encodeURIComponent).join('/'),
    contentSize: `${bytes} B`,
    encodingFormat: mediaType,
    sha256,
  };
}

interface Records {
  readonly name: string;
  readonly source: Json;
}

/**
 * A table is one record set. Only that of several objects which lie elsewhere is one for each of them: mlcroissant 1.1
 * finds the files of a set below the folder of croissant.json, and reads none that are listed as objects.
 */
function recordsOf({ name, parts }: Pick<TableFacts, 'name' | 'parts'>, prefix: string): Records[] {
  const isHere = parts.every(({ key }) => key.startsWith(`${prefix}/`));
  if (parts.length > 1 && isHere) return [{ name, source: { fileSet: { '@id': name } } }];
  return parts.map((_part, index) => {
    const id = fileId(name, parts.length, index);
    return {
      name: id.slice(0, -'.parquet'.length),
      source: { fileObject: { '@id': id } },
    };
  });
}

function recordSet(table: TableFacts, { name, source }: Records, targetColumn: string | undefined) {
  const { columns, split, description } = table;
  const id = `${name}.records`;
  const fields = columns.flatMap((column) => fieldOf(column, id, source, targetColumn));
  return {
    '@type': 'cr:RecordSet',
    '@id': id,
    name,
    ...(description !== undefined && { description }),
    field: [...fields, ...(split ? [splitField(split, id, source)] : [])],
  };
}

function fieldOf(
  column: PublishedColumn,
  records: string,
  source: Json,
  targetColumn: string | undefined,
): Json[] {
  const { name, originalName, description } = column;
  const type = fieldType(column.type);
  if (!type) return [];
  const about = [...(originalName === name ? [] : [originalName]), description ?? []].flat();
  return [
    {
      '@type': 'cr:Field',
      '@id': `${records}/${fieldId(column)}`,
      name,
      ...(about.length > 0 && { description: about.join(': ') }),
      dataType: name === targetColumn ? [type.dataType, 'cr:Label'] : type.dataType,
      ...(type.isArray && { isArray: true }),
      source: { ...source, extract: { column: name } },
    },
  ];
}

/** The words that the tables' names have for them. */
function splitsSet(splits: readonly Split[]): Json {
  const meanings = new Map(splits.map(({ word, meaning }) => [word, meaning]));
  const [name, url] = [`${SPLITS}/name`, `${SPLITS}/url`];
  return {
    '@type': 'cr:RecordSet',
    '@id': SPLITS,
    name: 'splits',
    dataType: 'cr:Split',
    key: { '@id': name },
    field: [
      { '@type': 'cr:Field', '@id': name, name: 'name', dataType: 'sc:Text' },
      { '@type': 'cr:Field', '@id': url, name: 'url', dataType: ['sc:URL', 'cr:Split'] },
    ],
    data: [...meanings].map(([word, meaning]) => ({ [name]: word, [url]: meaning })),
  };
}

/** No column has such an id. */
function splitField({ pattern }: Split, records: string, source: Json): Json {
  return {
    '@type': 'cr:Field',
    '@id': `${records}/@split`,
    name: 'split',
    dataType: 'sc:Text',
    source: {
      ...source,
      extract: { fileProperty: 'fullpath' },
      transform: { regex: pattern },
    },
    references: { field: { '@id': `${SPLITS}/name` } },
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
