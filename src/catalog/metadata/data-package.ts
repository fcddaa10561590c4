/** Content of `datapackage.json`: the dataset as a Frictionless Data Package, for tools that check and load tables by it. */
import { posix } from 'node:path';
import { parseDuckDbType } from '../../iceberg/duckdb-type.js';
import type { PublishedColumn } from '../types.js';
import type { DatasetFacts, LicenceFacts, TableFacts } from './facts.js';

const PROFILE = 'https://datapackage.org/profiles/2.0/datapackage.json';
const RESOURCE_PROFILE = 'https://datapackage.org/profiles/2.0/dataresource.json';
const SCHEMA_PROFILE = 'https://datapackage.org/profiles/2.0/tableschema.json';

type Json = Readonly<Record<string, unknown>>;

/**
 * Specification: https://datapackage.org/standard/data-package/, version 2
 * The same facts give the same text: no clock is read.
 */
export function buildDataPackage(facts: DatasetFacts): Json {
  const { title, url, creator, licence, citation, sources } = facts;
  return {
    $schema: PROFILE,
    name: facts.name,
    ...(title !== undefined && { title }),
    description: facts.description,
    ...(url !== undefined && { homepage: url }),
    version: facts.version,
    ...(creator !== undefined && { contributors: [{ title: creator, roles: ['creator'] }] }),
    keywords: facts.keywords,
    ...(licence && { licenses: [licenceOf(licence)] }),
    sources: [
      {
        title: facts.source,
        ...(url !== undefined && { path: url }),
        version: facts.version,
      },
      ...(sources === undefined ? [] : [{ title: sources }]),
    ],
    ...(citation !== undefined && { citation }),
    resources: resourcesOf(facts),
  };
}

/** One by one: a dataset may have a hundred thousand files. */
function* resourcesOf({ tables, kept, prefix }: DatasetFacts): Generator<Json> {
  yield* tables.flatMap((table) => resources(table, prefix));
  for (const [index, { key, path, bytes, sha256, mediaType }] of kept.entries()) {
    // What is only listed has no path that a reader of the package could follow.
    if (key === undefined) continue;
    yield {
      $schema: RESOURCE_PROFILE,
      name: `file-${String(index + 1).padStart(6, '0')}`,
      path: posix.relative(prefix, key),
      title: path,
      mediatype: mediaType,
      bytes,
      hash: `sha256:${sha256}`,
    };
  }
}

function licenceOf({ name, spdx }: LicenceFacts): Json {
  if (spdx === undefined) return { name, title: name };
  return { name: spdx, path: `https://spdx.org/licenses/${spdx}.html`, title: name };
}

/** One for each object: the parts of a large table are files of their own, not pieces of one. */
function resources(
  { name, originalPath, parts, columns, description }: TableFacts,
  prefix: string,
) {
  const schema = {
    $schema: SCHEMA_PROFILE,
    fields: columns.map(field),
    // Types say what is missing: an empty text is a text.
    missingValues: [],
  };
  return parts.map(({ key, sha256, rows }, index) => ({
    $schema: RESOURCE_PROFILE,
    name: parts.length === 1 ? name : `${name}-${String(index + 1).padStart(4, '0')}`,
    type: 'table',
    // From where datapackage.json lies; a carried-over table lies under an older prefix.
    path: posix.relative(prefix, key),
    title: originalPath,
    ...(description !== undefined && { description }),
    format: 'parquet',
    mediatype: 'application/vnd.apache.parquet',
    // Not `bytes`: of Parquet, frictionless 5.21 counts none, and then finds them wrong.
    hash: `sha256:${sha256}`,
    // As frictionless calls it; the standard has no name for it.
    rows,
    schema,
  }));
}

function field({ name, originalName, type, description, personalData }: PublishedColumn): Json {
  return {
    name,
    type: fieldType(type),
    ...(originalName !== name && { title: originalName }),
    ...(description !== undefined && { description }),
    ...(personalData !== undefined && { personalData }),
  };
}

/** https://datapackage.org/standard/table-schema/#field-types */
export function fieldType(type: string): string {
  const parsed = parseDuckDbType(type);
  if (parsed?.kind === 'list') return 'array';
  if (parsed?.kind === 'struct') return 'object';
  if (parsed?.kind === 'map') return 'any';
  const name = parsed?.name ?? 'VARCHAR';
  if (/^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$/.test(name)) return 'integer';
  if (/^(DOUBLE|FLOAT|REAL|DECIMAL)$/.test(name)) return 'number';
  if (name === 'BOOLEAN') return 'boolean';
  if (name === 'DATE') return 'date';
  if (name.startsWith('TIMESTAMP')) return 'datetime';
  if (name.startsWith('TIME')) return 'time';
  // Its readers give bytes, identifiers and spans of time as values of their own.
  if (/^(BLOB|UUID|INTERVAL)$/.test(name)) return 'any';
  return 'string';
}
