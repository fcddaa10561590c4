/** Reads every object of a version again, and holds it against the catalog: digest, size, rows, names, nulls. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Catalog, DescribedTable, PublishedPart, VersionObject } from '../catalog/index.js';
import { quoteIdentifier, quoteText } from '../convert/relation.js';
import { ImportError } from '../errors/index.js';
import { fetchObject, type FetchRequest } from './fetch-parts.js';
import type { FoundVersion } from './find.js';

export interface Problem {
  readonly dataset: string;
  /** Absent for an object that is of no table. */
  readonly table?: string;
  /** Of the object; of the first one for what several have in common. */
  readonly key: string;
  readonly what:
    | 'missing'
    | 'altered'
    | 'unreadable'
    | 'rows'
    | 'columns'
    | 'nulls'
    | 'cells'
    | 'pointer'
    | 'iceberg';
  readonly expected: string;
  readonly found: string;
}

export interface Verification {
  readonly objects: number;
  readonly bytes: number;
  readonly problems: readonly Problem[];
}

export interface VerifyRequest extends FetchRequest {
  readonly catalog: Pick<Catalog, 'versionObjects'>;
  readonly connection: DuckDBConnection;
}

/** One object lies on the disk at a time. Changes nothing. */
export async function verifyVersion(
  { dataset, version, tables }: FoundVersion,
  request: VerifyRequest,
): Promise<Verification> {
  const problems: Problem[] = [];
  let bytes = 0;
  const objects = await request.catalog.versionObjects(version.versionId);
  const contents = new Map<string, Content[]>();
  for (const object of objects) {
    const { role, table, key } = object;
    const where = { dataset, ...(table !== undefined && { table }), key };
    const file = join(request.directory, 'object');
    try {
      const problem = await fetchProblem(object, file, request, (size) => (bytes += size));
      if (problem) problems.push({ ...where, ...problem });
      else if (role === 'table') {
        const content = await readContent(request.connection, file);
        contents.set(table!, [...(contents.get(table!) ?? []), content]);
      }
    } catch (error) {
      if (request.signal.aborted || error instanceof ImportError) throw error;
      const found = error instanceof Error ? error.message.split('\n')[0]! : 'an unknown error';
      const expected = 'an object that can be read to its end';
      problems.push({ ...where, what: 'unreadable', expected, found });
    } finally {
      await rm(file, { force: true });
    }
  }
  for (const table of tables) {
    const content = contents.get(table.name) ?? [];
    // Of a table that is not whole, no more can be said.
    if (content.length !== table.parts.length) continue;
    for (const problem of contentProblems(table, content)) {
      problems.push({ dataset, table: table.name, ...problem });
    }
  }
  return { objects: objects.length, bytes, problems };
}

async function fetchProblem(
  { key, bytes, sha256 }: VersionObject,
  file: string,
  request: VerifyRequest,
  count: (bytes: number) => void,
): Promise<Pick<Problem, 'what' | 'expected' | 'found'> | undefined> {
  const expected = describe(bytes, sha256);
  try {
    const found = await fetchObject(key, file, request);
    count(found.bytes);
    const isSame =
      (bytes === undefined || bytes === found.bytes) &&
      (sha256 === undefined || sha256 === found.sha256);
    if (isSame) return undefined;
    return { what: 'altered', expected, found: describe(found.bytes, found.sha256) };
  } catch (error) {
    if (!(error instanceof ImportError) || error.code !== 'OBJECT_MISSING') throw error;
    return { what: 'missing', expected, found: 'no object' };
  }
}

function describe(bytes: number | undefined, sha256: string | undefined): string {
  return `${bytes ?? 'unknown'} bytes, sha256 ${sha256 ?? 'unknown'}`;
}

interface Content {
  readonly rows: number;
  /** By column, in the order of the file. */
  readonly nulls: ReadonlyMap<string, number>;
}

/** Decodes every cell: a footer would say what it was told to say. */
async function readContent(connection: DuckDBConnection, file: string): Promise<Content> {
  const relation = `read_parquet(${quoteText(file)})`;
  const described = await connection.runAndReadAll(`DESCRIBE FROM ${relation}`);
  const names = described.getRows().map(([name]) => name as string);
  const counts = names.map((name) => `count(${quoteIdentifier(name)})::DOUBLE`);
  const reader = await connection.runAndReadAll(
    `SELECT ${['count(*)::DOUBLE', ...counts].join(', ')} FROM ${relation}`,
  );
  const [rows = 0, ...values] = reader.getRows()[0] as number[];
  return { rows, nulls: new Map(names.map((name, at) => [name, rows - values[at]!])) };
}

function* contentProblems(
  { columns, parts, rows }: DescribedTable,
  contents: readonly Content[],
): Generator<Omit<Problem, 'dataset' | 'table'>> {
  const key = parts[0]?.key ?? '';
  for (const [index, part] of parts.entries()) {
    yield* rowsProblem(part.key, part.rows, contents[index]!.rows);
  }
  yield* rowsProblem(
    key,
    rows,
    sumOf(parts, (part) => part.rows),
  );
  const expected = columns.map(({ name }) => name).join(', ');
  for (const { nulls } of contents) {
    const found = [...nulls.keys()].join(', ');
    if (found === expected) continue;
    yield { key, what: 'columns', expected, found };
    return;
  }
  for (const { name, stats } of columns) {
    const found = sumOf(contents, ({ nulls }) => nulls.get(name)!);
    if (typeof stats.nullCount !== 'number' || stats.nullCount === found) continue;
    const inColumn = (count: number): string => `${count} nulls in column ${name}`;
    yield { key, what: 'nulls', expected: inColumn(stats.nullCount), found: inColumn(found) };
  }
}

function* rowsProblem(
  key: PublishedPart['key'],
  expected: number,
  found: number,
): Generator<Omit<Problem, 'dataset' | 'table'>> {
  if (expected === found) return;
  yield { key, what: 'rows', expected: `${expected} rows`, found: `${found} rows` };
}

function sumOf<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((sum, item) => sum + of(item), 0);
}
