/** Reads every object of a version again, and holds it against the catalog: digest, size, and what its cells say. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Catalog, VersionObject } from '../catalog/index.js';
import { ImportError } from '../errors/index.js';
import { TableContent } from './content.js';
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
    | 'ranges'
    | 'means'
    | 'classes'
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
  const contents = new Map(
    tables.map((table) => [table.name, new TableContent(request.connection, table)]),
  );
  for (const object of objects) {
    const { role, table, key } = object;
    const where = { dataset, ...(table !== undefined && { table }), key };
    const file = join(request.directory, 'object');
    try {
      const problem = await fetchProblem(object, file, request, (size) => (bytes += size));
      if (problem) problems.push({ ...where, ...problem });
      else if (role === 'table') await contents.get(table!)!.add(file);
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
    const content = contents.get(table.name)!;
    // Of a table that is not whole, no more can be said.
    if (content.parts === table.parts.length) {
      for await (const problem of content.problems()) {
        problems.push({ dataset, table: table.name, ...problem });
      }
    }
    await content.close();
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
